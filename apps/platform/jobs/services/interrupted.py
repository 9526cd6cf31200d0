"""Attempts that the database ended: taken back and done again, within bounds.

Such an attempt says nothing against the job, so it is not counted among those that ended with
their worker.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction

from apps.platform.clock.selectors import site_now  # noqa: TID251  (it happens now)
from apps.platform.core.busy import Busy
from apps.platform.jobs.codes import ENDED, JobState
from apps.platform.jobs.models import Job, JobLine
from apps.platform.ui.unavailable import AWAY as DATABASE_AWAY
from apps.platform.ui.unavailable import unavailable_because

logger = logging.getLogger(__name__)
CONNECTION_LOST = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,  # COPY speaks to the database past Django
    psycopg.InterfaceError,
)
"""What work raises when the database goes away under it, or for now does not take a statement.

No room on its disk, no memory, a deadlock and a statement that was cancelled are among them.
"""
AWAY = ("08", "57P")  # SQLSTATE: connection exceptions, and a server that ends
AWAY_AGAIN = (1, 15)  # seconds: the first wait, doubled each time; the longest is below ``UNTAKEN``
REFUSED_AGAIN = (5, 60)  # the longest is below ``PUT_OFF``, after which a job is handed over anew
PUT_OFF_FOR = timedelta(hours=1)
PUT_OFF_TIMES = 5


def again_in(trouble: BaseException, retries: int) -> int:
    """Return after how many seconds a job that the database ended is handed out again.

    retries: how often that happened to this message before. A database that is away, or something
    busy, is asked again soon; one that had no room, no memory or another fault of its own is given
    longer.
    """
    first, most = AWAY_AGAIN if isinstance(trouble, Busy) or _away(trouble) else REFUSED_AGAIN
    return min(first << min(retries, 10), most)  # doubled each time


def _away(trouble: BaseException) -> bool:
    state = getattr(trouble, "sqlstate", None) or getattr(trouble.__cause__, "sqlstate", None)
    if state:
        return str(state).startswith(AWAY)
    return unavailable_because(trouble) in (None, DATABASE_AWAY)


def put_off(job_id: int, trouble: BaseException) -> str:
    """Take back the attempt that the database ended; return why no other is made, or "".

    The job waits again. It is given up where the database has ended at least ``PUT_OFF_TIMES``
    attempts, the first of them more than ``PUT_OFF_FOR`` ago (*Interpretation*). Where the database
    is still away the attempt stays counted.
    """
    now = site_now()  # it ended now
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    try:
        return _put_off(job_id, str(trouble).strip().partition("\n")[0], now)
    except CONNECTION_LOST as away:
        logger.warning("the attempt of job %s could not be taken back: %s", job_id, away)
        return ""


@transaction.atomic
def _put_off(job_id: int, why: str, now: datetime) -> str:
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state in ENDED:
        return ""
    job.put_off_since = job.put_off_since or now
    job.put_off_times += 1
    if job.put_off_times >= PUT_OFF_TIMES and now - job.put_off_since > PUT_OFF_FOR:
        minutes = int((now - job.put_off_since).total_seconds()) // 60
        return (
            f"given up: the database ended {job.put_off_times} attempts within {minutes} minutes, "
            f"the last with: {why}"
        )
    job.attempts = max(job.attempts - 1, 0)
    job.state, job.queued_at = JobState.QUEUED, now
    job.save()
    JobLine.objects.create(job=job, at=now, text=f"put off, to be done again: {why}"[:500])
    return ""


def wait_again(job_id: int) -> str:
    """Have a job whose attempt met something busy wait again; the attempt stays counted.

    Returns "": what is busy gives no job up. Where the database does not take it the job stays as
    begun, and is found as one that nobody does.
    """
    now = site_now()  # it waits from now on
    try:
        Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(
            state=JobState.QUEUED, queued_at=now
        )
    except CONNECTION_LOST as away:
        logger.warning("job %s stays as begun: %s", job_id, away)
    return ""
