"""Attempts that the database ended are taken back; those that ended with their worker count."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError

from apps.platform.jobs import services
from apps.platform.jobs.hooks import JOB_KINDS, JobKind
from apps.platform.jobs.models import Job, JobLine
from tests.registries import put

FULL = "could not extend file: No space left on device"


def database_said(text, state=None):
    """Return a fault as Django raises it: the driver's own, with its state, is its cause."""
    trouble = OperationalError(text)
    trouble.__cause__ = psycopg.OperationalError(text)
    trouble.__cause__.sqlstate = state
    return trouble


@pytest.fixture
def failing(person, now, monkeypatch):
    """Make a job whose work meets one fault after another, and then none."""
    ended = []

    def make(*troubles):
        left = iter(troubles)

        def work(steps):
            trouble = next(left, None)
            if trouble is not None:
                raise trouble

        put(
            monkeypatch,
            JOB_KINDS,
            JobKind("long", "Long", work, "Ask.", given_up=lambda a, said, at: ended.append(said)),
        )
        job = Job.objects.create(
            kind="long",
            title="Work",
            state="QUEUED",
            actor=person("iso.operator"),
            queued_at=now,
        )
        return job, ended

    return make


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trouble",
    [
        database_said(FULL, "53100"),
        database_said("out of memory", "53200"),
        database_said("deadlock detected", "40P01"),
        database_said("canceling statement due to user request", "57014"),
        database_said("terminating connection", "57P01"),
        psycopg.OperationalError("gone"),
    ],
)
def test_a_job_that_the_database_ends_is_put_off_and_done(failing, now, trouble):
    """given eight attempts that the database ends; then none counts, and the ninth is done"""
    job, ended = failing(*[trouble] * 8)
    for number in range(1, 9):
        with pytest.raises(services.CONNECTION_LOST):
            services.carry_out(job_id=job.pk, at=now)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.put_off_times) == ("QUEUED", 0, number)
    assert services.carry_out(job_id=job.pk, at=now).state == "DONE"
    assert ended == []
    assert JobLine.objects.filter(job=job, text__startswith="put off").count() == 8


@pytest.mark.django_db
def test_it_is_given_up_after_an_hour_and_says_what_the_database_said(failing, now):
    job, ended = failing(*[database_said(FULL, "53100")] * 6)
    for _ in range(4):
        with pytest.raises(OperationalError):
            services.carry_out(job_id=job.pk, at=now)
    job.refresh_from_db()
    Job.objects.filter(pk=job.pk).update(put_off_since=job.put_off_since - timedelta(minutes=61))
    failed = services.carry_out(job_id=job.pk, at=now)
    said = f"given up: the database ended 5 attempts within 61 minutes, the last with: {FULL}"
    assert (failed.state, failed.error, ended) == ("FAILED", said, [said])
    again = services.retry(job_id=job.pk, actor=job.actor, at=now)
    assert (again.attempts, again.put_off_times, again.put_off_since) == (0, 0, None)


@pytest.mark.django_db
def test_a_long_outage_between_two_attempts_gives_nothing_up(failing, now):
    job, _ = failing(*[database_said("gone")] * 2)
    with pytest.raises(OperationalError):
        services.carry_out(job_id=job.pk, at=now)
    job.refresh_from_db()
    Job.objects.filter(pk=job.pk).update(put_off_since=job.put_off_since - timedelta(hours=9))
    with pytest.raises(OperationalError):
        services.carry_out(job_id=job.pk, at=now)
    assert services.carry_out(job_id=job.pk, at=now).state == "DONE"


@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        (database_said("server closed the connection"), [1, 2, 4, 8, 15, 15]),
        (database_said("terminating connection", "57P01"), [1, 2, 4, 8, 15, 15]),
        (psycopg.errors.AdminShutdown("gone"), [1, 2, 4, 8, 15, 15]),
        (database_said(FULL, "53100"), [5, 10, 20, 40, 60, 60]),
        (OperationalError(FULL), [5, 10, 20, 40, 60, 60]),
        (psycopg.errors.OutOfMemory("out of memory"), [5, 10, 20, 40, 60, 60]),
        (database_said("deadlock detected", "40P01"), [5, 10, 20, 40, 60, 60]),
    ],
)
def test_want_of_room_is_given_longer_than_a_lost_connection(trouble, waits):
    assert [services.again_in(trouble, n) for n in range(6)] == waits
