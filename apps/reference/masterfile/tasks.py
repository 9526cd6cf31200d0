"""The queue's way to the Master File."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.conf import settings

from apps.platform.accounts.selectors import system_user
from apps.platform.clock.selectors import site_now
from apps.platform.core.tradetime import PACIFIC
from apps.platform.jobs.codes import JobFailed, Steps
from apps.platform.jobs.hooks import JobKind
from apps.platform.jobs.services import queue
from apps.reference.masterfile.services import SourceTrouble, retrieve, source_of


def retrieve_day(steps: Steps, *, day: str) -> None:
    """Retrieve the Master File of a day."""
    source = source_of(settings.MASTERFILE_SOURCE)
    try:
        found = retrieve(source=source, day=date.fromisoformat(day), at=site_now(), steps=steps)
    except SourceTrouble as trouble:
        raise JobFailed(str(trouble)) from trouble
    steps.line(f"{len(found)} new files")


RETRIEVE = JobKind(
    code="retrieve-master-file",
    title="Retrieve the Master File",
    work=retrieve_day,
    advice="See that the folder or address of the site can be read (RMRCPM_MASTERFILE), then "
    "retrieve again; files taken in before are passed over.",
)


@shared_task
def retrieve_daily() -> int:
    """Queue the retrieval of today."""
    now = site_now()
    day = now.astimezone(PACIFIC).date()
    job = queue(
        kind=RETRIEVE.code,
        title=f"Master File of {day}",
        actor=system_user(),
        at=now,
        arguments={"day": day.isoformat()},
    )
    return job.pk
