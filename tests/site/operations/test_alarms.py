"""When a figure is an alarm: exact limits, from figures made by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.site.operations.codes import (
    STEPS,
    AlarmLimits,
    Backup,
    DatabaseFigures,
    DiskSpace,
    StateCount,
    SystemFigures,
    WorkFigures,
)
from apps.site.operations.rules import ALARM_NAMES, alarms, connection_words, figure_lines
from apps.site.operations.rules.wording import lasting
from tests.conftest import ROOT

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


def test_every_alarm_leads_to_a_part_of_the_guide_that_says_what_to_do():
    headings = {
        re.sub(r"[^a-z0-9]+", "-", line.lstrip("# ").casefold()).strip("-")
        for line in (ROOT / "docs/guide/administrator.md").read_text().splitlines()
        if line.startswith("###")
    }
    assert set(STEPS) == set(ALARM_NAMES)
    assert set(STEPS.values()) <= headings


def lines(work=None, **change):
    figures = replace(ALL_WELL, work=replace(WELL, **work) if work else WELL, **change)
    return {one.name: one for one in figure_lines(figures, LIMITS, alarms(figures, LIMITS))}


def test_each_figure_says_what_it_is_its_limit_and_whether_it_is_beyond():
    told = lines()
    assert not any(one.stands for one in told.values())
    assert {name: (one.value, one.limit) for name, one in told.items()} == {
        "Requests and background work": ("ready", "where something of it is not so"),
        "Background work last seen": (
            "0 seconds ago",
            "2 minutes, unless a worker tells that all its children are at work",
        ),
        "Queue": (
            "0 messages",
            "none by number: by how long the oldest job of a kind waits, see Jobs",
        ),
        "Failed jobs": ("0 jobs", "more than 0"),
        "Database connections": ("79 of 100", "80% in use"),
        "Size of the database": ("1.0 GB", ""),
        "Last backup": (
            "26 hours ago, 1.0 MB, proved by a restore",
            "older than 26 hours, or not proved by a restore",
        ),
        "Disk of home": ("0.0 MB free of 0.0 MB (10%)", "below 10% free"),
    }
    assert all(one.meaning.endswith(".") for one in told.values())
    assert all(bool(one.steps) == bool(one.alarm) for one in told.values())


@pytest.mark.parametrize(
    ("work", "name"),
    [
        ({"database": DatabaseFigures(1, {"idle": 80}, 100)}, "Database connections"),
        ({"failed_lately": 1}, "Failed jobs"),
        ({"backup": None}, "Last backup"),
        ({"backup": Backup(NOW, 1, None)}, "Last backup"),
        ({"backup": Backup(NOW - 27 * HOUR, 1, None)}, "Last backup"),
        ({"jobs": (StateCount("export", "QUEUED", 2, NOW - HOUR, 900),)}, "Queue"),
    ],
)
def test_a_figure_beyond_its_limit_stands_out(work, name):
    assert [one.name for one in lines(work).values() if one.stands] == [name]


def test_of_two_disks_the_full_one_stands_out_and_of_a_database_away_itself():
    disks = (DiskSpace("home", 9, 100), DiskSpace("database", 50, 100))
    away = SystemFigures(NOW, (), disks, None, "refused")
    told = figure_lines(away, LIMITS, alarms(away, LIMITS))
    assert [one.name for one in told if one.stands] == ["Database", "Disk of home"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7_199, "119 minutes"),
        (7_200, "2 hours"),
        (172_800, "2 days"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(seconds, said):
    assert lasting(timedelta(seconds=seconds)) == said


def test_connections_are_told_by_what_they_do_and_a_strange_state_as_the_server_says_it():
    assert connection_words({"idle": 2, "active": 5, "new one": 1}) == [
        ("at work on a statement", 5),
        ("open, asked for nothing at the moment", 2),
        ("new one", 1),
    ]
