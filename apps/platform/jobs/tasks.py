"""The queue's way into any background job."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from apps.platform.clock.selectors import site_now
from apps.platform.core.busy import Busy
from apps.platform.jobs import services


@shared_task(bind=True, acks_late=True, max_retries=None)
def do_job(self: Any, *, job_id: int, **_: object) -> None:
    """Do one queued job; again and again while the database is away, however long that is.

    Attempts that the database ended, for want of room or otherwise, are bounded in ``carry_out``,
    and so are those that met something busy.
    """
    try:
        services.carry_out(job_id=job_id, at=site_now())
    except (*services.CONNECTION_LOST, Busy) as trouble:
        wait = services.again_in(trouble, self.request.retries)
        raise self.retry(exc=trouble, countdown=wait) from trouble


@shared_task(acks_late=True, ignore_result=True)
def tidy(**_: object) -> None:
    """Remove files of jobs that are past their time."""
    services.tidy(at=site_now())
