"""When a figure is an alarm: exact limits, from figures made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.site.operations.codes import (
    AlarmLimits,
    Backup,
    DatabaseFigures,
    DiskSpace,
    StateCount,
    SystemFigures,
    WorkFigures,
)
from apps.site.operations.rules import ALARM_NAMES, alarms

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = AlarmLimits()
WELL = WorkFigures(
    jobs=(StateCount("export", "DONE", 3), StateCount("export", "QUEUED", 1, NOW - HOUR / 4, 900)),
    failed_lately=0,
    queue=0,
    runs=(),
    stale={},
    database=DatabaseFigures(10**9, {"active": 3, "idle": 76}, 100),
    backup=Backup(NOW - 26 * HOUR, 10**6, NOW - HOUR),
    first_event=NOW - 1000 * HOUR,
    worker_seen=NOW,
    wrong=(),
)
ALL_WELL = SystemFigures(NOW, (), (DiskSpace("home", 10, 100),), WELL)


def found(work=None, **change):
    figures = replace(ALL_WELL, work=replace(WELL, **work) if work else WELL, **change)
    return [a.name for a in alarms(figures, LIMITS)]


def test_at_each_limit_all_is_still_well():
    assert found() == []


@pytest.mark.parametrize(
    ("work", "name"),
    [
        ({"database": DatabaseFigures(1, {"active": 4, "idle": 76}, 100)}, "connections"),
        (
            {"jobs": (StateCount("export", "QUEUED", 2, NOW - timedelta(seconds=901), 900),)},
            "queue",
        ),
        ({"failed_lately": 1}, "jobs_failed"),
        ({"backup": None}, "backup"),
        ({"backup": Backup(NOW - 26 * HOUR - timedelta(seconds=1), 1, NOW)}, "backup"),
        ({"backup": Backup(NOW, 1, None)}, "backup_unproved"),
        ({"wrong": ("the worker stopped",)}, "not_ready"),
    ],
)
def test_one_step_beyond_it_is_an_alarm(work, name):
    assert found(work) == [name]


def test_a_long_running_job_is_no_queue_that_waits():
    assert found({"jobs": (StateCount("export", "RUNNING", 1, NOW - 3 * HOUR),)}) == []


def test_a_disk_below_its_limit_is_an_alarm_also_while_the_database_is_away():
    disks = (DiskSpace("home", 9, 100), DiskSpace("database", 50, 100))
    assert found(disks=disks) == ["disk"]
    away = SystemFigures(NOW, (), disks, None, "refused")
    assert [a.name for a in alarms(away, LIMITS)] == ["database", "disk"]
    assert "refused" in alarms(away, LIMITS)[0].sentence


def test_a_new_database_needs_no_backup_yet_and_a_site_backed_up_elsewhere_none():
    assert found({"backup": None, "first_event": NOW - 26 * HOUR}) == []
    assert found({"backup": None, "first_event": None}) == []
    old = replace(ALL_WELL, work=replace(WELL, backup=None))
    assert alarms(old, replace(LIMITS, backup_hours=0)) == []


def test_the_grave_ones_come_first_and_each_says_what_to_do():
    told = alarms(
        replace(ALL_WELL, work=replace(WELL, failed_lately=2, backup=None, wrong=("work stands",))),
        LIMITS,
    )
    assert [(a.name, a.grave) for a in told] == [
        ("not_ready", True),
        ("backup", True),
        ("jobs_failed", False),
    ]
    assert all(a.sentence.endswith(".") and a.remedy.endswith(".") for a in told)
    assert {a.name for a in told} <= set(ALARM_NAMES)
