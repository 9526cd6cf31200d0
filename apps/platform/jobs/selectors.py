"""Reads of jobs: for people by viewer, estimates from past jobs, the health of workers."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, Count, DateTimeField, F, Min, Q, QuerySet, When
from django.db.models.functions import Coalesce
from kombu.exceptions import ChannelError, KombuError

from apps.platform.accounts.codes import ADMINS
from apps.platform.accounts.rules import Viewer
from apps.platform.jobs.codes import ENDED, JOB_LOCK, JobState
from apps.platform.jobs.hooks import JOB_KINDS
from apps.platform.jobs.models import Job

PAST = 20
UNTAKEN = timedelta(seconds=20)  # longer than what is busy waits to be asked again
PUT_OFF = timedelta(minutes=2)  # longer than any wait of a job that the database put off
UNHELD = timedelta(seconds=10)
ASKED_WITHIN = 2  # seconds in which the queue says how much waits in it
STANDSTILL = timedelta(minutes=15)
LONG_WORK = timedelta(hours=4)


def jobs(*, viewer: Viewer) -> QuerySet[Job]:
    """Return jobs: all for the ISO's people, a person's own for everybody else."""
    rows = Job.objects.select_related("actor", "cancel_by")
    if viewer.is_iso:
        return rows
    return rows.filter(actor_id=viewer.user_id) if viewer.user_id else rows.none()


def job_about(kind: str, **arguments: Any) -> Job | None:
    """Return the newest job of a kind with these arguments, or None."""
    wanted = {f"arguments__{name}": value for name, value in arguments.items()}
    return Job.objects.filter(kind=kind, **wanted).order_by("-pk").first()


def job_under_way(kind: str) -> Job | None:
    """Return the newest job of a kind where it has not ended, or None."""
    job = job_about(kind)
    return None if job is None or job.state in ENDED else job


def may_end(viewer: Viewer, job: Job) -> bool:
    """Whether a viewer may cancel or retry a job: its own, or as an administrator."""
    return job.actor_id == viewer.user_id or viewer.may(ADMINS)


def seconds_of_past(kind: str) -> float | None:
    """Return how long jobs of a kind took lately (median), or None without any."""
    past = Job.objects.filter(
        kind=kind, state=JobState.DONE, started_at__isnull=False, ended_at__isnull=False
    ).order_by("-id")[:PAST]
    took = [
        (j.ended_at - j.started_at).total_seconds() for j in past if j.ended_at and j.started_at
    ]
    return statistics.median(took) if took else None


def progress_of(job: Job, now: datetime) -> dict[str, Any]:
    """Return how far a job is in percent, and the seconds it may still take; None where unknown.

    From its own pace where it tells how much there is to do, else from past jobs of its kind.
    """
    percent = None
    if job.total and job.done is not None:
        percent = min(100, job.done * 100 // job.total)
    left = None
    if job.state == JobState.RUNNING and job.started_at:
        passed = (now - job.started_at).total_seconds()
        usual = seconds_of_past(job.kind)
        if percent and percent >= 5:
            left = passed * (100 - percent) / percent
        elif usual is not None:
            left = max(usual - passed, 0)
    if job.state == JobState.DONE:
        percent = 100
    return {
        "percent": percent,
        "left": round(left) if left is not None else None,
        "usual": seconds_of_past(job.kind),
    }


def advice_for(job: Job) -> str:
    """Return what to do about a failed job."""
    try:
        return JOB_KINDS[job.kind].advice if job.state == JobState.FAILED else ""
    except KeyError:
        return ""


def queue_length() -> int | None:
    """Return how many messages wait in the queue, or None where it does not say.

    Those in hand, or lost with who took them, do not wait.
    """
    if settings.CELERY_BROKER_URL.startswith("pgmq"):
        return _length_in_the_database()
    asked = current_app.connection_for_read(connect_timeout=ASKED_WITHIN)
    try:
        with asked:
            asked.ensure_connection(max_retries=1, interval_start=0)
            return _length_in(asked.channel())
    except (OSError, KombuError, *asked.connection_errors):
        return None


def _length_in_the_database() -> int | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select coalesce(sum(queue_visible_length), 0) from pgmq.metrics_all()")
            return int(cursor.fetchone()[0])
    except DatabaseError:
        return None


def _length_in(channel: Any) -> int:
    try:
        found = channel.queue_declare(queue=settings.CELERY_TASK_DEFAULT_QUEUE, passive=True)
    except ChannelError:  # Redis keeps no list that is empty
        return 0
    return int(found.message_count)


@dataclass(frozen=True)
class JobsInState:
    """How many jobs of a kind are in a state, and since when the oldest of them.

    ``since``: queued, begun or ended, by the state; ``seconds``: how long ago that is. ``limit``:
    the seconds a job of the kind may wait; None where jobs of the state do not wait.
    """

    kind: str
    title: str
    state: JobState
    count: int
    since: datetime
    seconds: int
    limit: int | None

    @property
    def late(self) -> bool:
        """Whether the oldest has waited beyond its limit."""
        return self.limit is not None and self.seconds > self.limit


def waits_at_most(kind: str) -> timedelta:
    """Return how long a job of a kind may wait for a worker (``RMRCPM_JOB_WAITS``)."""
    minutes: dict[str, int] = settings.JOB_WAITS_MINUTES
    return timedelta(minutes=minutes.get(kind, minutes[""]))


def jobs_by_state(now: datetime, *, states: Iterable[JobState] = JobState) -> list[JobsInState]:
    """Return the jobs in these states, counted by kind and state, with the age of the oldest.

    For every reader alike: no row of a party is told, only numbers; call it where all jobs may be
    seen (``bypass_rls``).
    """
    since = Case(
        When(state=JobState.QUEUED, then=F("queued_at")),
        When(state=JobState.RUNNING, then=Coalesce("started_at", "queued_at")),
        default=Coalesce("ended_at", "queued_at"),
        output_field=DateTimeField(),
    )
    rows = (
        Job.objects.filter(state__in=list(states))
        .values("kind", "state")
        .annotate(count=Count("pk"), since=Min(since))
        .order_by("kind", "state")
    )
    return [
        JobsInState(
            kind=row["kind"],
            title=title_of(row["kind"]),
            state=JobState(row["state"]),
            count=row["count"],
            since=row["since"],
            seconds=max(int((now - row["since"]).total_seconds()), 0),
            limit=int(waits_at_most(row["kind"]).total_seconds())
            if row["state"] == JobState.QUEUED
            else None,
        )
        for row in rows
    ]


def title_of(kind: str) -> str:
    """Return what people call a kind of work; its code where this release does not know it."""
    known = JOB_KINDS.get(kind)
    return known.title if known else kind


def queues(now: datetime) -> list[JobsInState]:
    """Return the jobs that wait, by kind: how many, and how long the oldest has waited."""
    return jobs_by_state(now, states=[JobState.QUEUED])


def work_that_waits(now: datetime, *, busy: bool = False) -> Job | None:
    """Return the oldest job that waits although no job has moved for a quarter of an hour.

    Moved: begun or ended. A long queue whose jobs are done one after the other is no fault.
    ``busy``: a worker tells that all its children are at work. Long work is no fault either then,
    for four hours (*Interpretation*: no job takes as long); work that hangs is found after that.
    """
    since = now - (LONG_WORK if busy else STANDSTILL)
    found = Job.objects.filter(state=JobState.QUEUED, queued_at__lt=since)
    moved = Q(started_at__gte=since) | Q(ended_at__gte=since)
    oldest = found.order_by("queued_at", "pk").first()
    return None if oldest is None or Job.objects.filter(moved).exists() else oldest


def silent_jobs(now: datetime) -> QuerySet[Job]:
    """Return jobs that have been queued for a while and that no worker has taken.

    What the database put off may wait for a minute by itself, and is given longer.
    """
    since = Q(put_off_since=None, queued_at__lt=now - UNTAKEN) | Q(queued_at__lt=now - PUT_OFF)
    return Job.objects.filter(since, state=JobState.QUEUED)


def jobs_nobody_does(now: datetime) -> list[int]:
    """Return the jobs that were begun and that no worker holds, as theirs has died.

    A worker holds a lock of the database on each job it does, from before it is begun until it has
    ended; the database gives it up with the worker's connection.
    """
    begun = Job.objects.filter(state=JobState.RUNNING, started_at__lt=now - UNHELD)
    numbers = list(begun.order_by("pk").values_list("pk", flat=True))
    if not numbers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select objid::bigint from pg_locks where locktype = 'advisory' and classid = %s "
            "and database = (select oid from pg_database where datname = current_database())",
            [JOB_LOCK],
        )
        held = {number for (number,) in cursor.fetchall()}
    return [number for number in numbers if number not in held]


def failed_since(since: datetime) -> int:
    """Return how many jobs have failed since a moment and are still failed."""
    return Job.objects.filter(state=JobState.FAILED, ended_at__gte=since).count()
