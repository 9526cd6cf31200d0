"""Background jobs: progress, cancel, retry, estimates, files, the schedule; workers that die."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django_celery_beat.models import PeriodicTask

from apps.platform.audit.models import AuditEvent
from apps.platform.jobs import selectors, services
from apps.platform.jobs.codes import JobCancelled, JobFailed
from apps.platform.jobs.hooks import JOB_KINDS, JOB_WORKER, JobKind
from apps.platform.jobs.models import Job, JobFilePart
from apps.platform.notifications.models import Notification
from apps.platform.uploads.models import Upload
from tests.platform.uploads.test_hostile import HEAD, ROWS, text
from tests.registries import put, put_only

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def job(person, monkeypatch):
    """Make a job whose work is the given function; nothing has carried it out yet."""

    def make(work, **more):
        put(monkeypatch, JOB_KINDS, JobKind("test-job", "Test", work, "Do this and that.", **more))
        return Job.objects.create(
            kind="test-job",
            title="A test",
            actor=person("iso.operator"),
            state="QUEUED",
            queued_at=NOW,
            arguments={},
        )

    return make


def test_a_job_is_done_once_and_left_alone_afterwards(job):
    calls = []
    made = job(lambda steps: calls.append(1))
    assert services.carry_out(job_id=made.pk, at=NOW).state == "DONE"
    assert services.carry_out(job_id=made.pk, at=NOW).state == "DONE"
    assert calls == [1]


def test_a_failed_job_says_why_what_to_do_and_tells_its_person(job, as_user):
    def work(steps):
        raise JobFailed("the file has no rows")

    made = services.carry_out(job_id=job(work).pk, at=NOW)
    assert (made.state, made.error) == ("FAILED", "the file has no rows")
    page = as_user("iso.operator").get(f"/jobs/{made.pk}/").content.decode()
    assert "the file has no rows" in page
    assert "Do this and that." in page
    notice = Notification.objects.get(topic="job-failed")
    assert (notice.user.username, notice.address) == ("iso.operator", f"/jobs/{made.pk}/")
    assert "Do this and that." in as_user("iso.legal").get("/system/").content.decode()


def test_a_surprise_fails_the_job_and_not_the_worker(job):
    made = services.carry_out(job_id=job(lambda steps: 1 // 0).pk, at=NOW)
    assert made.error.startswith("ZeroDivisionError")


def test_a_lost_database_hands_the_job_out_again(job, monkeypatch):
    def away(steps):
        raise OperationalError("gone")

    made = job(away)
    with pytest.raises(OperationalError):
        services.carry_out(job_id=made.pk, at=NOW)
    put(monkeypatch, JOB_KINDS, JobKind("test-job", "Test", lambda steps: None, ""))
    ended = services.carry_out(job_id=made.pk, at=NOW)
    assert (ended.state, ended.attempts) == ("DONE", 1)


def test_a_queued_job_is_cancelled_at_once_and_a_running_one_at_its_next_step(job, person):
    gone = []
    made = job(lambda steps: None, gone=lambda arguments, actor, at: gone.append(actor.username))
    services.cancel(job_id=made.pk, actor=person("iso.operator"), at=NOW)
    assert services.carry_out(job_id=made.pk, at=NOW).state == "CANCELLED"
    assert gone == ["iso.operator"]

    def stops(steps):
        raise JobCancelled("here")

    running = job(stops, gone=lambda arguments, actor, at: gone.append("running"))
    assert services.carry_out(job_id=running.pk, at=NOW).state == "CANCELLED"
    assert gone[-1] == "running"
    assert AuditEvent.objects.filter(action="jobs.job.cancelled").count() == 1


def test_only_its_person_or_an_administrator_ends_a_job(job, person, as_user):
    made = job(lambda steps: None)
    with pytest.raises(services.JobRefused, match="Only who started"):
        services.cancel(job_id=made.pk, actor=person("iso.legal"), at=NOW)
    assert as_user("sc.bay").post(f"/jobs/{made.pk}/cancel/").status_code == 404
    client = as_user("iso.admin")
    answer = client.post(f"/api/v1/jobs/{made.pk}/cancel/")
    assert (answer.status_code, answer.json()["state"]) == (200, "CANCELLED")
    again = client.post(f"/api/v1/jobs/{made.pk}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "JOB-REFUSED")


def test_a_failed_job_is_tried_again(job, person, monkeypatch):
    made = services.carry_out(job_id=job(lambda steps: 1 // 0).pk, at=NOW)
    put(monkeypatch, JOB_KINDS, JobKind("test-job", "Test", lambda steps: None, ""))
    services.retry(job_id=made.pk, actor=person("iso.operator"), at=NOW)
    assert services.carry_out(job_id=made.pk, at=NOW).state == "DONE"
    with pytest.raises(services.JobRefused, match="cannot be tried again"):
        services.retry(job_id=made.pk, actor=person("iso.operator"), at=NOW)


def test_the_estimate_comes_from_its_pace_or_from_past_jobs(job):
    made = job(lambda steps: None)
    for seconds in (10, 20, 90):
        Job.objects.create(
            kind="test-job",
            title="past",
            actor=made.actor,
            state="DONE",
            queued_at=NOW,
            started_at=NOW,
            ended_at=NOW + timedelta(seconds=seconds),
        )
    made.state, made.started_at = "RUNNING", NOW
    assert selectors.progress_of(made, NOW + timedelta(seconds=5)) == {
        "percent": None,
        "left": 15,
        "usual": 20.0,
    }
    made.done, made.total = 25, 100
    assert selectors.progress_of(made, NOW + timedelta(seconds=10))["left"] == 30
    assert selectors.progress_of(made, NOW + timedelta(seconds=10))["percent"] == 25


def test_files_are_kept_in_parts_and_go_after_a_week(job, as_user):
    made = job(lambda steps: None)
    now = datetime.now(UTC)
    content = bytes(range(256)) * 10_000
    pieces = [content[i : i + 7_777] for i in range(0, len(content), 7_777)]
    file = services.keep_file(
        job_id=made.pk, name="x.csv", media_type="text/csv", chunks=pieces, at=now
    )
    assert JobFilePart.objects.filter(file=file).count() == 3
    client = as_user("iso.operator")
    assert b"".join(client.get(f"/jobs/{made.pk}/file/")) == content
    assert as_user("iso.admin").get(f"/jobs/{made.pk}/file/").status_code == 404
    assert services.tidy(at=now + timedelta(days=8)) == 1
    assert as_user("iso.operator").get(f"/jobs/{made.pk}/file/").status_code == 404


def test_a_large_file_is_read_by_a_job_that_tells_its_rows(
    as_user, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr("apps.platform.uploads.services.queueing.AT_ONCE", 10)
    client = as_user("iso.operator")
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("big.csv", text([HEAD, *ROWS]).encode())
    client.post("/upload/metered-demand/", {"file": file})
    upload = Upload.objects.latest("pk")
    made = Job.objects.latest("pk")
    assert (upload.state, made.state, made.kind) == ("RECEIVED", "QUEUED", "read-upload")
    page = client.get(f"/uploads/{upload.pk}/").content.decode()
    assert f"/jobs/{made.pk}/" in page
    told = []
    monkeypatch.setattr("apps.platform.jobs.services.working.TOLD_EVERY", 0)
    monkeypatch.setattr(
        "apps.platform.jobs.services.working.Told._ask",
        lambda self, sql, values: told.append(values) and False,
    )
    services.carry_out(job_id=made.pk, at=datetime.now(UTC))
    upload.refresh_from_db()
    assert upload.state == "READY"
    assert any("24 rows" in str(v[2]) for v in told if len(v) == 4)
    assert Notification.objects.filter(topic="file-waits", user__username="iso.approver").exists()
    assert not Notification.objects.filter(
        topic="file-waits", user__username="iso.operator"
    ).exists()


def test_a_cancelled_reading_withdraws_the_file(as_user, settings, monkeypatch, person):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr("apps.platform.uploads.services.queueing.AT_ONCE", 10)
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = as_user("iso.operator")
    client.post(
        "/upload/metered-demand/",
        {"file": SimpleUploadedFile("b.csv", text([HEAD, *ROWS]).encode())},
    )
    made, upload = Job.objects.latest("pk"), Upload.objects.latest("pk")
    client.post(f"/jobs/{made.pk}/cancel/")
    upload.refresh_from_db()
    assert upload.state == "WITHDRAWN"
    assert services.carry_out(job_id=made.pk, at=NOW).state == "CANCELLED"


def test_a_cancelled_run_keeps_nothing(person, now, monkeypatch):
    from apps.platform.runs import tasks
    from apps.settlement.settlements.models import AllocationLine
    from apps.settlement.settlements.services import request_day
    from tests.conftest import DAY

    run, _ = request_day(trade_date=DAY, actor=person("iso.analyst"), at=now, reason="x")
    tasks.queue_run(run.pk)
    made = Job.objects.latest("pk")

    def ask(self, sql, values):
        return len(values) == 4 and values[0] == 3  # cancelled while rows are being stored

    monkeypatch.setattr("apps.platform.jobs.services.working.Told._ask", ask)
    Job.objects.filter(pk=made.pk).update(cancel_by=person("iso.admin"))
    monkeypatch.setattr("apps.platform.jobs.services.working.TOLD_EVERY", 0)
    assert services.carry_out(job_id=made.pk, at=now).state == "CANCELLED"
    run.refresh_from_db()
    assert (run.state, run.error) == ("FAILED", "cancelled by iso.admin")
    assert not AllocationLine.objects.filter(run=run).exists()


def test_a_message_that_was_lost_is_sent_again(job, settings, monkeypatch, person, now):
    sent = []
    monkeypatch.setattr("apps.platform.jobs.services.lost.hand_over", sent.append)
    made = job(lambda steps: None)
    fresh = job(lambda steps: None)
    Job.objects.filter(pk=fresh.pk).update(queued_at=NOW + timedelta(minutes=5))
    monkeypatch.setattr("apps.platform.jobs.services.lost.queue_length", lambda: 3)
    at = NOW + timedelta(minutes=5, seconds=15)
    assert services.take_up_lost(at=at) == 0
    monkeypatch.setattr("apps.platform.jobs.services.lost.queue_length", lambda: 0)
    assert services.take_up_lost(at=at) == 1
    assert sent == [made.pk]


def test_asking_again_for_a_run_whose_message_was_lost_hands_it_over(
    person, now, monkeypatch, settings, django_capture_on_commit_callbacks
):
    from apps.settlement.settlements.services import request_day
    from tests.conftest import DAY

    settings.CELERY_TASK_ALWAYS_EAGER = False
    put_only(monkeypatch, JOB_WORKER)
    with django_capture_on_commit_callbacks(execute=True):
        run, _ = request_day(trade_date=DAY, actor=person("iso.analyst"), at=now, reason="x")
    sent = []
    put_only(monkeypatch, JOB_WORKER, sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        again, new = request_day(trade_date=DAY, actor=person("iso.analyst"), at=now, reason="y")
    assert (again.pk, new) == (run.pk, False)
    assert sent == [Job.objects.latest("pk").pk]
    assert Job.objects.filter(kind="compute-run").count() == 1


def test_the_schedule_is_seeded_once_and_then_the_administrators(settings, as_user):
    table = settings.SCHEDULE_TABLE
    assert services.seed_schedule(table=table) == len(table)
    task = PeriodicTask.objects.get(name="settle-due-days")
    client = as_user("iso.admin")
    wrong = client.post(f"/system/schedule/{task.pk}/", {"hour": "25", "reason": "x"})
    assert "hour" in wrong.context["form"].errors
    done = client.post(
        f"/system/schedule/{task.pk}/",
        {"enabled": "on", "minute": "30", "hour": "5", "reason": "earlier"},
    )
    assert done.status_code == 302
    assert "5:30 Pacific" in client.get("/system/").content.decode()
    assert services.seed_schedule(table=table) == 0
    task.refresh_from_db()
    assert (task.crontab.hour, task.enabled) == ("5", True)
    sentence = AuditEvent.objects.get(action="jobs.schedule.changed").sentence
    assert sentence == "settle-due-days: was 6:00 Pacific, is 5:30 Pacific; earlier"
    assert as_user("iso.operator").get(f"/system/schedule/{task.pk}/").status_code == 403
