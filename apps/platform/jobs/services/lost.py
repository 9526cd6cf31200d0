"""Work that nobody does: jobs whose worker died, and jobs whose message was lost.

The launcher and the units give a dead worker's messages back when they start the next one. What
they miss is found here from the database alone, whatever queue carries the messages: a job's claim
is a lock and a state there, so that a message too many does nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import OperationalError, connection, transaction
from kombu.exceptions import KombuError as BrokerAway

from apps.platform.jobs.codes import JOB_LOCK, JobState
from apps.platform.jobs.hooks import hand_over
from apps.platform.jobs.models import Job, JobLine
from apps.platform.jobs.selectors import jobs_nobody_does, queue_length, silent_jobs

logger = logging.getLogger(__name__)


def take_up_lost(*, at: datetime) -> int:
    """Hand out again the jobs that nobody does; return how many messages the queue took.

    Begun ones that no worker holds any more go back into the queue at once, however long it is:
    each once, as it waits again from then on. Queued ones that no worker took are handed over where
    no message waits. A machine that stops between a commit and the message to the worker loses that
    message, and so does a queue that is killed; one that stops while the queue hands it out leaves
    it out of sight for an hour.
    """
    back = [job_id for job_id in jobs_nobody_does(at) if _put_back(job_id, at)]
    silent = list(silent_jobs(at).exclude(pk__in=back).values_list("pk", flat=True))
    if silent and queue_length() not in (0, None):
        silent = []
    return sum(hand_over_again(job_id) for job_id in [*back, *silent])


@transaction.atomic
def _put_back(job_id: int, at: datetime) -> bool:
    """Have a begun job wait again, unless somebody does it after all; return whether it does.

    The attempt stays counted: it ended with its worker.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [JOB_LOCK, job_id])
        if not cursor.fetchone()[0]:
            return False
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != JobState.RUNNING:
        return False
    job.state, job.queued_at = JobState.QUEUED, at
    job.save(update_fields=["state", "queued_at"])
    JobLine.objects.create(job=job, at=at, text="its worker ended; it waits to be done again")
    return True


def hand_over_again(job_id: int) -> bool:
    """Send the message of a waiting job again; return whether the broker took it.

    Where it did not, the job stays on record and the next look sends it again.
    """
    try:
        hand_over(job_id)
    except (OSError, OperationalError, BrokerAway) as trouble:
        logger.warning("job %s could not be handed over: %s", job_id, trouble)
        return False
    return True
