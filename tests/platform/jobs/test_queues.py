"""A queue whose oldest job waits beyond its limit: told once, cleared, seen by probes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from apps.platform.jobs import selectors, services
from apps.platform.jobs.codes import JobState
from apps.platform.jobs.models import Job, QueueAlarm
from apps.platform.notifications.models import Notification
from apps.site.home.services import beat
from rmrcpm import env, queue_watch

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
db = pytest.mark.django_db


@pytest.fixture
def job(person):
    Job.objects.all().delete()

    def make(kind="export", state="QUEUED", queued=NOW, **more):
        return Job.objects.create(
            kind=kind,
            title="Somebody's statements",
            actor=person("sc.bay"),
            state=state,
            queued_at=queued,
            **more,
        )

    return make


def told():
    return list(
        Notification.objects.filter(topic="queue-late")
        .order_by("pk")
        .values_list("user__username", "title")
    )


@db
def test_a_queue_that_waits_too_long_is_told_once_to_administrators_and_cleared_once(job):
    title = selectors.title_of("export")
    waits = job(queued=NOW - 15 * MINUTE)
    assert services.look_at_queues(at=NOW) == ([], [])
    assert services.look_at_queues(at=NOW + MINUTE) == (["export"], [])
    job(queued=NOW)
    for later in range(2, 6):
        assert services.look_at_queues(at=NOW + later * MINUTE) == ([], [])
    assert told() == [("iso.admin", f"{title}: a job has waited more than 15 minutes")]
    waits.delete()
    assert services.look_at_queues(at=NOW + 9 * MINUTE) == ([], [])  # still above half the limit
    Job.objects.update(state="DONE", ended_at=NOW + 9 * MINUTE)
    assert services.look_at_queues(at=NOW + 9 * MINUTE) == ([], ["export"])
    assert services.look_at_queues(at=NOW + 10 * MINUTE) == ([], [])
    assert told()[1:] == [("iso.admin", f"{title}: jobs no longer wait too long")]
    job(queued=NOW)
    assert services.look_at_queues(at=NOW + 20 * MINUTE) == (["export"], [])
    assert (len(told()), QueueAlarm.objects.count()) == (3, 2)


@db
def test_each_kind_has_its_own_limit_and_its_own_alarm(job, settings):
    settings.JOB_WAITS_MINUTES = {"": 15, "export": 60}
    job(queued=NOW - 59 * MINUTE)
    job(kind="compute-run", queued=NOW - 16 * MINUTE)
    job(kind="of-another-release", queued=NOW - 16 * MINUTE)
    job(kind="read-upload", state="RUNNING", queued=NOW - 90 * MINUTE, started_at=NOW - 80 * MINUTE)
    assert services.look_at_queues(at=NOW) == (["compute-run", "of-another-release"], [])
    assert services.look_at_queues(at=NOW + 2 * MINUTE) == (["export"], [])


@db
def test_two_that_look_tell_once(job):
    """Beat and the worker both look: the second finds the alarm of the first."""
    job(queued=NOW - 20 * MINUTE)
    assert services.look_at_queues(at=NOW) == (["export"], [])
    assert services.look_at_queues(at=NOW) == ([], [])
    assert len(told()) == 1


@db
def test_an_alarm_that_stands_is_not_written_again(job, monkeypatch):
    """The database would log an error for each refusal, twice a minute."""
    job(queued=NOW - 20 * MINUTE)
    assert services.look_at_queues(at=NOW) == (["export"], [])
    monkeypatch.setattr(QueueAlarm.objects, "create", None)
    assert services.look_at_queues(at=NOW) == ([], [])


@db
def test_jobs_are_counted_by_kind_and_state_with_the_age_of_the_oldest(job):
    job(queued=NOW - 3 * MINUTE)
    job(queued=NOW - 2 * MINUTE)
    job(state="RUNNING", queued=NOW - 9 * MINUTE, started_at=NOW - MINUTE)
    job(kind="compute-run", state="FAILED", queued=NOW - 9 * MINUTE, ended_at=NOW - 4 * MINUTE)
    found = [
        (j.kind, j.state, j.count, j.seconds, j.limit, j.late) for j in selectors.jobs_by_state(NOW)
    ]
    assert found == [
        ("compute-run", JobState.FAILED, 1, 240, None, False),
        ("export", JobState.QUEUED, 2, 180, 900, False),
        ("export", JobState.RUNNING, 1, 60, None, False),
    ]
    assert [q.count for q in selectors.queues(NOW + 13 * MINUTE) if q.late] == [2]


@db
def test_a_probe_without_a_party_learns_that_no_work_moves_and_nothing_of_anybody(job, monkeypatch):
    from apps.site.home import views

    monkeypatch.setattr(views, "STARTED", views.STARTED - 3600)
    now = datetime.now(UTC)
    beat(name="worker", at=now)
    job(queued=now - 16 * MINUTE)
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert "has waited since" in answer.json()["wrong"][0]
    (queue,) = answer.json()["queues"]
    assert (queue["kind"], queue["waiting"], queue["limit_seconds"], queue["late"]) == (
        "export",
        1,
        900,
        True,
    )
    assert "Somebody" not in answer.content.decode()
    job(state="DONE", queued=now, started_at=now, ended_at=now)
    assert Client().get("/health/ready").status_code == 200  # it moves: late, and no standstill


@db
@pytest.mark.parametrize("trouble", [OperationalError("gone"), KeyError("a fault of ours")])
def test_the_watch_outlives_whatever_goes_wrong(job, monkeypatch, trouble):
    from django.db import connections

    monkeypatch.setattr(connections, "close_all", lambda: None)

    def away(**_):
        raise trouble

    monkeypatch.setattr(services, "look_at_queues", away)
    queue_watch.look()
    monkeypatch.undo()
    monkeypatch.setattr(connections, "close_all", lambda: None)
    job(queued=datetime.now(UTC) - 20 * MINUTE)
    queue_watch.look()
    assert len(told()) == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", {"": 15}),
        ("20", {"": 20}),
        ("15 export=60 compute-run=5", {"": 15, "export": 60, "compute-run": 5}),
    ],
)
def test_the_limits_come_from_the_environment(monkeypatch, given, expected):
    monkeypatch.setenv("RMRCPM_JOB_WAITS", given)
    assert env.job_waits() == expected


@pytest.mark.parametrize("given", ["soon", "export=", "0", "-3", "export=1.5"])
def test_limits_that_are_none_refuse_to_start(monkeypatch, given):
    monkeypatch.setenv("RMRCPM_JOB_WAITS", given)
    with pytest.raises(ValueError, match="such as '15 export=60'"):
        env.job_waits()
