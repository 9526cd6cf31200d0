"""What the health page says of work that does not move."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from apps.platform.jobs.models import Job
from apps.site.home.models import Heartbeat
from apps.site.home.selectors import health
from apps.site.home.services import beat

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def said(now=NOW, up=HOUR):
    found = health(now=now, up_for=up)
    return found["ready"], found["worker"], found["wrong"]


@pytest.mark.django_db
def test_without_a_sign_of_work_the_site_is_not_ready_and_says_since_when():
    Heartbeat.objects.all().delete()
    assert said(up=MINUTE) == (True, "not seen yet", [])
    assert said() == (False, "not seen yet", ["no background work has been done yet"])
    beat(name="worker", at=NOW - MINUTE)
    assert said() == (True, "ok", [])
    beat(name="worker", at=NOW - 3 * MINUTE)
    assert said() == (
        False,
        "not seen lately",
        ["no background work has been done since 2026-01-02T11:57:00+00:00"],
    )
    assert said(up=MINUTE) == (True, "not seen lately", [])  # just started, after a night off
    beat(name="busy", at=NOW - MINUTE)
    assert said() == (True, "busy", [])
    beat(name="worker", at=NOW + HOUR)  # the clock was set back
    beat(name="busy", at=NOW + HOUR)
    assert said()[:2] == (False, "not seen lately")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_program_that_the_launcher_saw_end_is_wrong_until_work_is_done(settings, tmp_path, name):
    settings.STOPPED_PROGRAMS = tmp_path / "stopped.json"
    beat(name="worker", at=NOW - MINUTE)
    for harmless in ("", "{", "{}"):
        settings.STOPPED_PROGRAMS.write_text(harmless)
        assert said() == (True, "ok", [])
    settings.STOPPED_PROGRAMS.write_text(json.dumps({name: "2026-01-02T11:59:30+00:00"}))
    wrong = f"the {name} stopped at 2026-01-02T11:59:30+00:00 and is started again"
    assert said() == said(up=MINUTE) == (False, "ok", [wrong])
    beat(name="worker", at=NOW - MINUTE / 2)
    assert said() == (False, "ok", [wrong])  # that was before it ended
    beat(name="worker", at=NOW)
    assert said() == (True, "ok", [])


@pytest.mark.django_db
def test_a_job_that_waits_while_none_moves_makes_the_site_not_ready(person):
    Job.objects.all().delete()
    beat(name="worker", at=NOW)

    def job(state, queued, **when):
        return Job.objects.create(
            kind="x",
            title="Settle a day",
            actor=person("iso.analyst"),
            state=state,
            queued_at=queued,
            **when,
        )

    waits = job("QUEUED", NOW - 14 * MINUTE)
    assert said() == (True, "ok", [])
    Job.objects.filter(pk=waits.pk).update(queued_at=NOW - 16 * MINUTE)
    assert said() == (
        False,
        "ok",
        [
            f"job {waits.pk} has waited since 2026-01-02T11:44:00+00:00 and no "
            "job was begun or ended since"
        ],
    )
    other = job("RUNNING", NOW - HOUR, started_at=NOW - MINUTE)
    assert said()[0] is True  # the queue is long, and it moves
    other.delete()
    Job.objects.filter(pk=waits.pk).update(state="DONE", ended_at=NOW)
    assert said()[0] is True


@pytest.mark.django_db
def test_long_work_under_way_is_no_standstill_while_the_worker_tells_that_it_is_busy(person):
    Job.objects.all().delete()
    beat(name="worker", at=NOW)
    common = {"kind": "x", "title": "Settle a day", "actor": person("iso.analyst")}
    for _ in range(2):
        Job.objects.create(
            state="RUNNING", queued_at=NOW - HOUR, started_at=NOW - 20 * MINUTE, **common
        )
    waits = Job.objects.create(state="QUEUED", queued_at=NOW - 16 * MINUTE, **common)
    since = "has waited since 2026-01-02T11:44:00+00:00 and no job was begun or ended since"
    stuck = (False, "ok", [f"job {waits.pk} {since}"])
    beat(name="busy", at=NOW - MINUTE)
    assert said() == (True, "ok", [])
    beat(name="busy", at=NOW - 3 * MINUTE)  # a child was killed: the others alone are not "all"
    assert said() == stuck
    Heartbeat.objects.filter(name="busy").delete()
    assert said() == stuck
    beat(name="worker", at=NOW - 3 * MINUTE)  # the worker is gone, its jobs say RUNNING
    assert said()[:2] == (False, "not seen lately")
    beat(name="busy", at=NOW)
    Job.objects.filter(pk=waits.pk).update(queued_at=NOW - 3 * HOUR)
    Job.objects.filter(state="RUNNING").update(started_at=NOW - 3 * HOUR)
    assert said() == (True, "busy", [])
    Job.objects.filter(pk=waits.pk).update(queued_at=NOW - 5 * HOUR)
    assert said() == (True, "busy", [])
    Job.objects.filter(state="RUNNING").update(started_at=NOW - 5 * HOUR)  # it hangs
    assert said()[:2] == (False, "busy")


@pytest.mark.django_db
def test_the_health_page_answers_503_and_200(monkeypatch):
    from apps.site.home import views

    monkeypatch.setattr(views, "STARTED", views.STARTED - 3600)
    Heartbeat.objects.all().delete()
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["wrong"]) == (
        503,
        ["no background work has been done yet"],
    )
    beat(name="worker", at=datetime.now(UTC))
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["worker"]) == (200, "ok")


@pytest.mark.django_db
def test_the_public_health_page_sees_a_job_that_waits_and_does_not_say_whose(person, monkeypatch):
    """Nobody is signed in there, so row-level security would hide every job from it."""
    from apps.site.home import views

    monkeypatch.setattr(views, "STARTED", views.STARTED - 3600)
    beat(name="worker", at=datetime.now(UTC))
    assert Client().get("/health/ready").json()["wrong"] == []
    job = Job.objects.create(
        kind="export",
        title="Export of something private",
        actor=person("sc.bay"),
        state="QUEUED",
        queued_at=datetime.now(UTC) - timedelta(minutes=16),
    )
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    (said,) = answer.json()["wrong"]
    assert said.startswith(f"job {job.pk} ")
    assert "has waited since" in said
    assert "private" not in answer.content.decode()
