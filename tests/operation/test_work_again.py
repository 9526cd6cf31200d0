"""Work that its worker, its connection or its web process left behind is done all the same."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, connections

from apps.platform.accounts.services import as_party
from apps.platform.core.busy import Busy
from apps.platform.jobs import services as jobs
from apps.platform.jobs.hooks import JOB_KINDS, JOB_WORKER, JobKind
from apps.platform.jobs.models import Job
from apps.platform.jobs.selectors import jobs_nobody_does
from apps.site.home.services import DEMO
from tests.operation.conftest import admin
from tests.registries import put, put_only

pytestmark = pytest.mark.django_db
DAY = date(2024, 9, 4)


@pytest.mark.brq("BRQ-1201")
def test_a_run_whose_connection_is_lost_is_computed_again_not_failed(committed, user, monkeypatch):
    """The database is there again at once, as after a killed session: a failure could be noted."""
    from apps.platform.runs.models import Run
    from apps.platform.runs.services import running
    from apps.settlement.settlements.services import request_day

    put_only(monkeypatch, JOB_WORKER, lambda job_id: None)
    request_day(trade_date=DAY, actor=user("iso.analyst"), at=datetime.now(UTC), reason="test")
    job, real = Job.objects.get(kind="compute-run"), running.copy_rows
    lost = iter([OperationalError("gone"), psycopg.OperationalError("gone, in the middle of COPY")])

    def copy_rows(model, frame):
        trouble = next(lost, None)
        if trouble is not None:
            raise trouble
        return real(model, frame)

    monkeypatch.setattr(running, "copy_rows", copy_rows)
    for _ in range(2):
        with pytest.raises(jobs.CONNECTION_LOST):
            jobs.carry_out(job_id=job.pk, at=datetime.now(UTC))
        assert Run.objects.get().state == "RUNNING"
    assert jobs.carry_out(job_id=job.pk, at=datetime.now(UTC)).state == "DONE"
    assert [(r.state, r.version) for r in Run.objects.all()] == [("SEALED", 1)]


class Killed(BaseException):
    """A worker that is killed: nothing of ours goes on after it."""


def killed(*_):
    raise Killed


@pytest.mark.brq("BRQ-1201")
def test_a_run_that_ends_its_worker_time_and_again_is_failed_and_its_day_is_free(
    committed, user, monkeypatch
):
    from apps.platform.runs.models import Run
    from apps.platform.runs.services import running
    from apps.settlement.settlements.services import request_day

    put_only(monkeypatch, JOB_WORKER, lambda job_id: None)
    day = {"trade_date": DAY, "actor": user("iso.analyst"), "reason": "test"}
    run, _ = request_day(at=datetime.now(UTC), **day)
    job = Job.objects.get(kind="compute-run")
    monkeypatch.setattr(running, "copy_rows", killed)
    for _ in range(5):
        with pytest.raises(Killed):
            jobs.carry_out(job_id=job.pk, at=datetime.now(UTC))
    assert jobs.carry_out(job_id=job.pk, at=datetime.now(UTC)).state == "FAILED"
    run = Run.objects.get()
    assert (run.state, "given up after 5 attempts" in run.error) == ("FAILED", True)
    again, new = request_day(at=datetime.now(UTC), **day)
    assert (new, again.state) == (True, "REQUESTED")


def test_an_attempt_whose_session_was_ended_is_taken_back(committed, user, monkeypatch):
    def work(steps):
        with admin() as server:
            own = connection.connection.info.backend_pid
            server.execute("select pg_terminate_backend(%s, 5000)", [own])
        Job.objects.count()

    put(monkeypatch, JOB_KINDS, JobKind("long", "Long", work, ""))
    job = queued(user, "long")
    for times in (1, 2):
        with pytest.raises(OperationalError):
            jobs.carry_out(job_id=job.pk, at=datetime.now(UTC))
        job.refresh_from_db()
        assert (job.state, job.attempts, job.put_off_times) == ("QUEUED", 0, times)


def test_a_job_under_way_is_not_begun_by_a_second_worker(committed, user, monkeypatch):
    done = []

    def work(steps):
        done.append(jobs.carry_out(job_id=steps.job_id, at=datetime.now(UTC)).attempts)

    put(monkeypatch, JOB_KINDS, JobKind("long", "Long", work, ""))
    monkeypatch.setattr("apps.platform.jobs.services.working.ALONE_WITHIN", 0.2)
    job = queued(user, "long")
    assert jobs.carry_out(job_id=job.pk, at=datetime.now(UTC)).state == "DONE"
    assert done == [1]  # the second found the first at it
    assert Job.objects.get(pk=job.pk).attempts == 1


def test_a_begun_job_that_nobody_does_waits_again_at_once(committed, user, monkeypatch):
    sent, seen = [], []
    put_only(monkeypatch, JOB_WORKER, sent.append)
    monkeypatch.setattr("apps.platform.jobs.services.lost.queue_length", lambda: 7)
    soon = timedelta(seconds=12)

    def work(steps):
        seen.append(jobs_nobody_does(datetime.now(UTC) + soon))
        seen.append(jobs.take_up_lost(at=datetime.now(UTC) + soon))

    put(monkeypatch, JOB_KINDS, JobKind("long", "Long", work, ""))
    job = queued(user, "long")
    at_work = queued(user, "long")
    at = datetime.now(UTC)
    Job.objects.filter(pk=job.pk).update(state="RUNNING", started_at=at, attempts=1)
    assert jobs.take_up_lost(at=at + timedelta(seconds=5)) == 0
    assert jobs.carry_out(job_id=at_work.pk, at=at).state == "DONE"
    assert seen == [[job.pk], 1]  # not the one that a worker holds; however many wait before it
    assert sent == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("QUEUED", 1)
    assert "its worker ended" in job.lines.latest("pk").text
    assert jobs.take_up_lost(at=at + timedelta(minutes=1)) == 0  # once; messages wait now
    assert jobs.carry_out(job_id=job.pk, at=at + soon).state == "DONE"
    assert jobs.carry_out(job_id=job.pk, at=at + soon).attempts == 2  # the message came twice


def test_two_who_look_for_lost_work_put_it_back_once(committed, user, monkeypatch):
    from apps.platform.jobs.services import lost

    put_only(monkeypatch, JOB_WORKER, lambda job_id: None)
    job = queued(user, "long")
    at = datetime.now(UTC)
    Job.objects.filter(pk=job.pk).update(
        state="RUNNING", started_at=at - timedelta(minutes=1), attempts=1
    )
    assert [lost._put_back(job.pk, at), lost._put_back(job.pk, at)] == [True, False]
    assert job.lines.count() == 1


def test_a_job_that_met_something_busy_waits_and_is_not_taken_for_lost(
    committed, user, monkeypatch
):
    def work(steps):
        raise Busy("others are first")

    put(monkeypatch, JOB_KINDS, JobKind("long", "Long", work, ""))
    put_only(monkeypatch, JOB_WORKER, lambda job_id: None)
    monkeypatch.setattr("apps.platform.jobs.services.lost.queue_length", lambda: 0)
    job = queued(user, "long")
    with pytest.raises(Busy):
        jobs.carry_out(job_id=job.pk, at=datetime.now(UTC))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("QUEUED", 1)
    assert jobs.take_up_lost(at=datetime.now(UTC) + timedelta(seconds=16)) == 0


@contextmanager
def held_by_another(sql):
    """Have a second session hold what the statement locks."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute(sql)
            yield
    finally:
        other.close()


def queued(user, kind):
    """Make a queued job of a kind."""
    return Job.objects.create(
        kind=kind,
        title="Work",
        state="QUEUED",
        actor=user("iso.operator"),
        queued_at=datetime.now(UTC),
        arguments={},
    )


def test_a_file_whose_reading_ended_with_the_web_process_is_read_all_the_same(
    committed, user, monkeypatch
):
    from apps.platform.uploads import services as uploads

    text = (DEMO / "metered_demand_2024-09-05.csv").read_bytes()
    operator, now = user("iso.operator"), datetime.now(UTC)
    sent = uploads.receive(
        kind_code="metered-demand", file_name="left.csv", content=text, actor=operator, at=now
    )
    assert sent.state == "RECEIVED"  # and nobody reads it: the process is gone
    assert uploads.read_left(at=now + timedelta(seconds=5)) == 0
    later = now + timedelta(seconds=15)
    put_only(monkeypatch, JOB_WORKER, lambda job_id: None)
    with held_by_another(f"select 1 from uploads_upload where id = {sent.pk} for update"):
        assert uploads.read_left(at=later) == 0  # somebody reads it
    assert (uploads.read_left(at=later), uploads.read_left(at=later)) == (1, 0)
    job = Job.objects.get(kind="read-upload")
    assert jobs.carry_out(job_id=job.pk, at=later).state == "DONE"
    sent.refresh_from_db()
    assert (sent.state, sent.row_count) == ("READY", 336)


@pytest.mark.parametrize("away", [False, True])
def test_who_comes_after_a_lost_connection_is_not_shown_what_the_one_before_may_see(
    committed, user, browser, monkeypatch, away
):
    """away: the database is still gone when the request of the public ends."""
    from apps.reference.market.models import MeteredDemand

    everything = MeteredDemand.objects.count()
    with pytest.raises((OperationalError, InterfaceError)), as_party(None):
        assert MeteredDemand.objects.count() < everything
        with admin() as server:
            server.execute(
                "select pg_terminate_backend(%s)", [connection.connection.info.backend_pid]
            )
        if away:
            monkeypatch.setattr(connection, "connect", gone)
        MeteredDemand.objects.count()
    monkeypatch.undo()
    assert MeteredDemand.objects.count() == everything
    assert browser("iso.analyst").get("/metered-demand/").context["table"].rows


def gone():
    raise OperationalError("connection refused")


def test_work_that_meets_something_busy_is_done_again_a_few_times(user, monkeypatch):
    """given a busy reader; when a job meets it; then the queue hands it out again, not for ever"""
    put_only(monkeypatch, JOB_WORKER, lambda job_id: None)
    meets = iter([Busy("later")] * 2 + [None] + [Busy("still later")] * 9)

    def work(steps):
        trouble = next(meets)
        if trouble is not None:
            raise trouble

    put(monkeypatch, JOB_KINDS, JobKind("busy-test", "Busy", work, "Wait."))
    now = datetime.now(UTC)
    one = jobs.queue(kind="busy-test", title="One", actor=user("iso.analyst"), at=now)
    for _ in range(2):
        with pytest.raises(Busy):
            jobs.carry_out(job_id=one.pk, at=now)
    assert jobs.carry_out(job_id=one.pk, at=now).state == "DONE"
    other = jobs.queue(kind="busy-test", title="Other", actor=user("iso.analyst"), at=now)
    for _ in range(4):
        with pytest.raises(Busy):
            jobs.carry_out(job_id=other.pk, at=now)
    ended = jobs.carry_out(job_id=other.pk, at=now)
    assert (ended.state, ended.error) == ("FAILED", "still later")
