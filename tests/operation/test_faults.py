"""Faults put in on purpose: nothing is lost or doubled, and the person is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from kombu.exceptions import OperationalError as BrokerAway

from apps.platform.jobs import services as jobs
from apps.platform.jobs import tasks
from apps.platform.jobs.hooks import JOB_KINDS, JOB_WORKER, JobKind
from apps.platform.jobs.models import Job
from tests.registries import put, put_only
from tests.reliability.retirements.papers import PAPER

pytestmark = pytest.mark.django_db
DESK = "/cost-recovery-requests"
DAY = date(2024, 9, 4)


def cut_before_commit(monkeypatch, after=False):
    """Have the database connection cut around the next commit; after: once it has committed."""
    from django.db.backends.postgresql.base import DatabaseWrapper

    real = DatabaseWrapper._commit
    cut = []

    def commit(self):
        if cut:
            return real(self)
        cut.append(1)
        if after:
            real(self)
            self.close()
            raise OperationalError("the connection is lost")
        from tests.operation.conftest import admin

        with admin() as server:
            server.execute("select pg_terminate_backend(%s)", [self.connection.info.backend_pid])
        return real(self)

    monkeypatch.setattr(DatabaseWrapper, "_commit", commit)
    return cut


@pytest.mark.brq("BRQ-1275")
@pytest.mark.parametrize("after", [False, True])
def test_a_connection_cut_during_commit_keeps_all_or_nothing(
    committed, waiting_request, browser, monkeypatch, after
):
    from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryGrant

    client = browser("iso.approver")
    cut = cut_before_commit(monkeypatch, after)
    answer = client.post(f"{DESK}/{waiting_request.pk}/approve/", {})
    assert cut
    assert answer.status_code == 503
    assert "try again" in answer.content.decode()
    connection.close()
    case = CostRecoveryRequest.objects.get()
    kept = RecoveryGrant.objects.count()
    assert (case.state, kept) == (("APPROVED", 1) if after else ("REVIEWED", 0))
    again = client.post(f"{DESK}/{waiting_request.pk}/approve/", {})
    assert again.status_code == 302
    case.refresh_from_db()
    assert case.state == "APPROVED"
    assert RecoveryGrant.objects.count() == 1


@pytest.mark.brq("BRQ-1265")
def test_a_full_disk_while_a_document_is_stored(committed, browser, user):
    from apps.platform.audit.models import AuditEvent
    from apps.platform.documents.models import Document
    from apps.settlement.cost_recovery import services

    case = services.file_request(
        given=services.RecoveryInput("REPAIR", "SUNSET_2_UNITS", "2024-09-04 4.50 seal", "broke"),
        actor=user("sc.sunset"),
        at=datetime.now(UTC),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "create function full_disk() returns trigger language plpgsql as $$ begin raise "
            "exception 'could not extend file: No space left on device' using errcode = '53100'; "
            "end $$; create trigger full_disk before insert on documents_documentcontent for each "
            "row execute function full_disk()"
        )
    client = browser("sc.sunset")
    address = f"/documents/cost-recovery-requests/{case.pk}/"
    answer = client.post(address, {"document": SimpleUploadedFile("invoice.pdf", PAPER)})
    assert answer.status_code == 503
    assert "Nothing was half stored" in answer.content.decode()
    assert not Document.objects.exists()
    assert not AuditEvent.objects.filter(action="documents.document.attached").exists()
    with connection.cursor() as cursor:
        cursor.execute("drop trigger full_disk on documents_documentcontent")
    client.post(address, {"document": SimpleUploadedFile("invoice.pdf", PAPER)})
    assert Document.objects.count() == 1


@pytest.mark.brq("BRQ-1201")
def test_with_the_broker_down_work_is_kept_told_and_done_later(
    committed, browser, user, monkeypatch
):
    from apps.platform.runs.models import Run

    sent = []

    def away(job_id):
        raise BrokerAway("connection refused")

    put_only(monkeypatch, JOB_WORKER, away)
    answer = browser("iso.analyst").post(
        "/runs/request/", {"trade_date": "2024-09-04", "reason": "test"}
    )
    assert answer.status_code == 302
    run, job = Run.objects.get(), Job.objects.get()
    assert (run.state, job.state) == ("REQUESTED", "QUEUED")
    page = browser("iso.analyst").get(f"/jobs/{job.pk}/").content.decode()
    assert "QUEUED" in page
    later = datetime.now(UTC) + timedelta(minutes=30)
    assert jobs.take_up_lost(at=later) == 0  # still away, and still kept
    put_only(monkeypatch, JOB_WORKER, sent.append)
    assert jobs.take_up_lost(at=later) == 1
    assert sent == [job.pk]
    jobs.carry_out(job_id=job.pk, at=datetime.now(UTC))
    jobs.carry_out(job_id=job.pk, at=datetime.now(UTC))  # the message came twice
    run.refresh_from_db()
    assert (run.state, run.version) == ("SEALED", 1)


def test_a_message_that_ends_its_worker_time_and_again_is_given_up(committed, user, monkeypatch):
    from apps.platform.notifications.models import Notification

    class WorkerGone(BaseException):
        """What a killed worker is to the code it ran: it never comes back."""

    def poison(steps):
        raise WorkerGone

    put(monkeypatch, JOB_KINDS, JobKind("poison", "Poison", poison, "Look at the file."))
    job = Job.objects.create(
        kind="poison",
        title="A bad file",
        actor=user("iso.operator"),
        state="QUEUED",
        queued_at=datetime.now(UTC),
        arguments={},
    )
    for _ in range(5):
        with pytest.raises(WorkerGone):
            jobs.carry_out(job_id=job.pk, at=datetime.now(UTC))
    ended = jobs.carry_out(job_id=job.pk, at=datetime.now(UTC))
    assert ended.state == "FAILED"
    assert "given up after 5 attempts" in ended.error
    assert Notification.objects.filter(user=job.actor, title="A bad file failed").count() == 1
    put(monkeypatch, JOB_KINDS, JobKind("poison", "Poison", lambda steps: None, ""))
    jobs.retry(job_id=job.pk, actor=user("iso.operator"), at=datetime.now(UTC))
    assert jobs.carry_out(job_id=job.pk, at=datetime.now(UTC)).state == "DONE"


def test_old_and_new_workers_together_lose_nothing(committed, user, monkeypatch):
    """A new release queues work the old one does not know, in words it does not know."""
    job = Job.objects.create(
        kind="of-the-next-release",
        title="New work",
        state="QUEUED",
        actor=user("iso.operator"),
        queued_at=datetime.now(UTC),
        arguments={},
    )
    tasks.do_job(job_id=job.pk, a_word_of_the_next_release=1)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("QUEUED", 0)
    done = []
    put(
        monkeypatch,
        JOB_KINDS,
        JobKind("of-the-next-release", "New work", lambda steps: done.append(1), ""),
    )
    tasks.do_job(job_id=job.pk)
    tasks.do_job(job_id=job.pk)  # both releases got the message
    job.refresh_from_db()
    assert (job.state, done) == ("DONE", [1])


@pytest.mark.brq("BRQ-1201")
def test_a_run_says_which_release_computed_it(committed, user, monkeypatch):
    from apps.platform.runs import services as runs
    from apps.settlement.settlements.services import request_day

    # the worker of another release takes it, below
    put_only(monkeypatch, JOB_WORKER, lambda job_id: None)
    run, _ = request_day(
        trade_date=DAY, actor=user("iso.analyst"), at=datetime.now(UTC), reason="test"
    )
    monkeypatch.setattr("apps.platform.runs.services.running.code_version", lambda: "0" * 64)
    sealed = runs.execute(run_id=run.pk, at=datetime.now(UTC))
    assert (sealed.state, sealed.code_version) == ("SEALED", "0" * 64), sealed.error


@pytest.mark.brq("BRQ-1275")
def test_a_clock_that_steps_back_changes_no_order(committed, waiting_request, user):
    from apps.platform.runs import services as runs
    from apps.settlement.cost_recovery import services
    from apps.settlement.cost_recovery.models import RecoveryGrant
    from apps.settlement.settlements.services import request_day
    from apps.settlement.statements.models import StatementLine

    now = datetime.now(UTC)
    first, _ = request_day(trade_date=DAY, actor=user("iso.analyst"), at=now, reason="test")
    first = runs.execute(run_id=first.pk, at=now)
    runs.publish(run_id=first.pk, actor=user("iso.approver"), at=now)
    back = now - timedelta(hours=2)
    services.approve(case_id=waiting_request.pk, actor=user("iso.approver"), at=back)
    waiting_request.refresh_from_db()
    assert waiting_request.decided_at > first.known_at
    assert first.stale_marks.last().stale
    second, _ = request_day(trade_date=DAY, actor=user("iso.analyst"), at=back, reason="test")
    assert second.pk != first.pk
    assert second.known_at > first.known_at
    second = runs.execute(run_id=second.pk, at=back)
    runs.publish(run_id=second.pk, actor=user("iso.approver"), at=back)
    line = StatementLine.objects.get(run=second, charge_code="RMR-COSTREC")
    assert line.amount == Decimal("-4000.50")
    assert RecoveryGrant.objects.count() == 1
    assert runs.verify_chain() == (2, [])


def test_a_database_that_is_away_is_told_gently_and_a_fault_of_ours_is_not(
    committed, browser, monkeypatch
):
    client = browser("iso.analyst")

    def breaking(trouble):
        monkeypatch.setattr(
            "apps.platform.ui.screens.Screen.rows",
            lambda self, viewer: (_ for _ in ()).throw(trouble),
        )

    breaking(OperationalError("server closed the connection"))
    answer = client.get("/statements/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    told = client.get("/api/v1/statements/")
    assert told.status_code == 503
    assert told.json()["code"] == "DATABASE-AWAY"
    breaking(ZeroDivisionError("ours"))
    assert client.get("/statements/").status_code == 500
