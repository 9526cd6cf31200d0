"""Queue, carry out, cancel and retry background jobs; keep the files they make."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event
from apps.platform.clock.selectors import site_now  # noqa: TID251  (it happens now)
from apps.platform.core.busy import Busy
from apps.platform.core.request_ids import current_request_id, under_request
from apps.platform.jobs.codes import ENDED, JOB_LOCK, JobCancelled, JobFailed, JobState
from apps.platform.jobs.hooks import JOB_KINDS, JobKind, hand_over
from apps.platform.jobs.models import Job, JobFile, JobFilePart, JobLine
from apps.platform.jobs.selectors import may_end
from apps.platform.jobs.services.interrupted import CONNECTION_LOST, put_off, wait_again
from apps.platform.notifications.services import tell

logger = logging.getLogger(__name__)
TOLD_EVERY = 0.4  # seconds
FILE_KEPT = timedelta(days=7)
PART = 1 << 20
MOST_ATTEMPTS = 5
"""After so many attempts that ended with their worker a job is given up: it may be what ends it."""
ALONE_WITHIN = 5.0  # seconds; a killed worker's connection is given up at once


class JobRefused(ValueError):
    """The job cannot be cancelled or retried; the message says why."""


def queue(
    *,
    kind: str,
    title: str,
    actor: User,
    at: datetime,
    address: str = "",
    arguments: dict[str, Any] | None = None,
) -> Job:
    """Put work into the queue; a worker takes it after the caller's transaction."""
    JOB_KINDS[kind]
    job = Job.objects.create(
        kind=kind,
        title=title[:200],
        address=address,
        arguments=arguments or {},
        actor=actor,
        state=JobState.QUEUED,
        queued_at=at,
        request_id=current_request_id(),
    )
    _hand_over(job.pk)
    return job


def _hand_over(job_id: int) -> None:
    """Send the message after the commit; where the broker is away, it is sent again later.

    The job is on record by then: nothing is lost, nobody meets a fault (``lost``).
    """
    transaction.on_commit(lambda: hand_over(job_id), robust=True)


class Told:
    """Steps told on a connection of its own, so that others see them while the work is one
    transaction; the same look learns of a request to cancel."""

    def __init__(self, job_id: int) -> None:
        self.job_id, self.told = job_id, 0.0
        self.connection: Any = None

    def alone(self) -> bool:
        """Whether nobody else does this job now; nobody else begins it until ``close``.

        By a lock of the connection, which the database gives up when the worker is killed.
        """
        until = time.monotonic() + ALONE_WITHIN
        while True:
            if self._row("select pg_try_advisory_lock(%s, %s)", [JOB_LOCK, self.job_id]):
                return True
            if time.monotonic() > until:
                return False
            time.sleep(0.1)

    def step(self, done: int, total: int, note: str = "") -> None:
        """Tell how far the work is, a few times a second at most."""
        moment = site_now()  # progress is about now
        if moment.timestamp() - self.told < TOLD_EVERY and done < total:
            return
        self.told = moment.timestamp()
        if self._ask(
            "update jobs_job set done = %s, total = %s, note = %s where id = %s "
            "returning cancel_at is not null",
            [done, total, note[:200], self.job_id],
        ):
            raise JobCancelled(note)

    def line(self, text: str) -> None:
        """Add a line to the log."""
        at = site_now()
        self._ask(
            "insert into jobs_jobline (job_id, at, text) select id, %s, %s from jobs_job "
            "where id = %s returning false",
            [at, text[:500], self.job_id],
        )

    def _ask(self, sql: str, values: list[Any]) -> bool:
        """Tell something; whether the answer is yes."""
        return self._row(sql, values)

    def _row(self, sql: str, values: list[Any]) -> bool:
        if self.connection is None:
            self.connection = connections.create_connection("default")
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        """Give the connection back."""
        if self.connection is not None:
            self.connection.close()


def carry_out(*, job_id: int, at: datetime) -> Job:
    """Do a queued job, or one whose worker was killed; a job that has ended is left alone.

    A job of a kind this release does not know is left to a worker of another one, as both are at
    work while a release is rolled out. One that ended its worker time and again is given up.
    """
    found = Job.objects.get(pk=job_id)
    kind = JOB_KINDS.get(found.kind)
    if kind is None:
        logger.warning("job %s is of a kind this release does not know; left in the queue", job_id)
        return found
    with under_request(found.request_id):  # what the work logs belongs to the request, too
        return _carried_out_alone(job_id, kind, at)


def _carried_out_alone(job_id: int, kind: JobKind, at: datetime) -> Job:
    steps = Told(job_id)
    try:
        if not steps.alone():
            logger.info("job %s is under way elsewhere; left to who does it", job_id)
            return Job.objects.get(pk=job_id)
        return _attempt(steps, kind, at)
    finally:
        steps.close()


def _attempt(steps: Told, kind: JobKind, at: datetime) -> Job:
    job = _begin(steps.job_id, at)
    if job.state != JobState.RUNNING:
        return job
    if job.attempts > MOST_ATTEMPTS:
        said = (
            f"given up after {MOST_ATTEMPTS} attempts: each ended with its worker or the database"
        )
        return _give_up(job, kind, said, at)
    steps.line(f"attempt {job.attempts} begins")
    try:
        _work(job, kind, steps)
    except JobCancelled:
        return _end(job, JobState.CANCELLED, f"cancelled by {_who(job)}")
    except (*CONNECTION_LOST, Busy) as trouble:
        # an attempt that met something busy stays counted
        said = wait_again(job.pk) if isinstance(trouble, Busy) else put_off(job.pk, trouble)
        if said:
            return _give_up(job, kind, said, at)
        raise  # the queue hands the job out again
    except JobFailed as trouble:
        return _end(job, JobState.FAILED, str(trouble))
    except Exception as trouble:
        logger.exception("job %s failed", job.pk)
        return _end(job, JobState.FAILED, f"{type(trouble).__name__}: {trouble}")
    return _end(job, JobState.DONE, "")


def _give_up(job: Job, kind: JobKind, said: str, at: datetime) -> Job:
    if kind.given_up is not None:
        kind.given_up(job.arguments, said, at)
    return _end(job, JobState.FAILED, said)


def _work(job: Job, kind: JobKind, steps: Told) -> None:
    """Do the work of a job; what is busy at the last attempt fails it."""
    try:
        kind.work(steps, **job.arguments)
    except Busy as trouble:
        if job.attempts < MOST_ATTEMPTS:
            raise
        raise JobFailed(str(trouble)) from trouble


@transaction.atomic
def _begin(job_id: int, at: datetime) -> Job:
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state in ENDED:
        return job
    if job.cancel_at is not None:
        job.state, job.ended_at = JobState.CANCELLED, at
    else:
        job.state, job.started_at, job.attempts = JobState.RUNNING, at, job.attempts + 1
    job.save()
    return job


def _who(job: Job) -> str:
    asked = Job.objects.select_related("cancel_by").get(pk=job.pk).cancel_by
    return asked.username if asked else "nobody"


@transaction.atomic
def _end(job: Job, state: JobState, error: str) -> Job:
    now = site_now()  # it ends now
    locked = Job.objects.select_for_update().get(pk=job.pk)
    locked.state, locked.ended_at, locked.error = state, now, error
    locked.note = ""
    if state == JobState.DONE and locked.total:
        locked.done = locked.total
    locked.save()
    JobLine.objects.create(
        job=locked, at=now, text=f"{state.lower()}{': ' + error if error else ''}"[:500]
    )
    kind = JOB_KINDS[locked.kind]
    if state == JobState.CANCELLED and kind.gone is not None:
        kind.gone(locked.arguments, locked.cancel_by or locked.actor, now)
    if state == JobState.FAILED:
        tell(
            [locked.actor],
            topic="job-failed",
            title=f"{locked.title} failed",
            at=now,
            body=f"{error} {kind.advice}",
            address=reverse("job", args=[locked.pk]),
        )
    return locked


@transaction.atomic
def cancel(*, job_id: int, actor: User, at: datetime) -> Job:
    """Ask a job to end: at once where no worker has it, else at its next step."""
    job = Job.objects.select_for_update().get(pk=job_id)
    kind = JOB_KINDS[job.kind]
    if not may_end(actor.viewer(), job):
        raise JobRefused("Only who started a job, or an administrator, may cancel it.")
    if job.state in ENDED or not kind.may_cancel:
        raise JobRefused(f"This job is {job.state.lower()}; there is nothing to cancel.")
    job.cancel_by, job.cancel_at = actor, at
    if job.state == JobState.QUEUED:
        job.state, job.ended_at = JobState.CANCELLED, at
        if kind.gone is not None:
            kind.gone(job.arguments, actor, at)
    job.save()
    log_event(
        action="jobs.job.cancelled",
        sentence=f"{job.title}: end asked for",
        actor=actor,
        at=at,
        subject=job,
    )
    return job


@transaction.atomic
def retry(*, job_id: int, actor: User, at: datetime) -> Job:
    """Queue a failed or cancelled job again."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if not may_end(actor.viewer(), job):
        raise JobRefused("Only who started a job, or an administrator, may try it again.")
    if job.state not in (JobState.FAILED, JobState.CANCELLED) or not JOB_KINDS[job.kind].may_retry:
        raise JobRefused(f"This job is {job.state.lower()}; it cannot be tried again.")
    job.state, job.queued_at, job.error, job.ended_at = JobState.QUEUED, at, "", None
    job.cancel_at = job.cancel_by = None
    job.done = job.total = None
    job.attempts = job.put_off_times = 0
    job.put_off_since = None
    job.save()
    log_event(
        action="jobs.job.retried",
        sentence=f"{job.title}: queued again",
        actor=actor,
        at=at,
        subject=job,
    )
    _hand_over(job.pk)
    return job


@transaction.atomic
def keep_file(
    *, job_id: int, name: str, media_type: str, chunks: Iterable[bytes], at: datetime
) -> JobFile:
    """Keep what a job made, in parts; what an earlier attempt made is replaced."""
    JobFile.objects.filter(job_id=job_id).delete()
    file = JobFile.objects.create(
        job_id=job_id, name=name, media_type=media_type, size_bytes=0, expires_at=at + FILE_KEPT
    )
    size = 0
    for number, part in enumerate(_parts(chunks)):
        JobFilePart.objects.create(file=file, number=number, content=part)
        size += len(part)
    JobFile.objects.filter(pk=file.pk).update(size_bytes=size)
    file.size_bytes = size
    return file


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    pending = bytearray()
    for chunk in chunks:
        pending += chunk
        while len(pending) >= PART:
            yield bytes(pending[:PART])
            del pending[:PART]
    if pending:
        yield bytes(pending)


def file_chunks(file: JobFile) -> Iterator[bytes]:
    """Yield a kept file part by part."""
    for number in JobFilePart.objects.filter(file=file).values_list("number", flat=True):
        part = JobFilePart.objects.get(file=file, number=number)
        yield bytes(part.content)


def tidy(*, at: datetime) -> int:
    """Remove files that are past their time; return how many."""
    old = JobFile.objects.filter(expires_at__lt=at)
    count = old.count()
    old.delete()
    return count
