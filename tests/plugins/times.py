"""Says at the end what each folder of tests took: processor time of these processes, and wall."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import PurePosixPath

import pytest

TOOK = "processor seconds"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Note the processor time of a test with its set-up; a shared one counts for its first user."""
    began = time.process_time()
    item.stash[BEGAN] = began
    return (yield)


BEGAN = pytest.StashKey[float]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Give each part of a test its processor time; reports carry it from every process."""
    report = yield
    now = time.process_time()
    report.user_properties = [(TOOK, now - item.stash[BEGAN])]
    item.stash[BEGAN] = now
    return report


def folder(nodeid):
    """Return the folder of a test's file."""
    return str(PurePosixPath(nodeid.split("::")[0]).parent)


def by_folder(reports):
    """Return (processor s, wall s, number of tests) by folder from the reports of tests."""
    found = defaultdict(lambda: [0.0, 0.0, 0])
    for report in reports:
        row = found[folder(report.nodeid)]
        row[0] += dict(report.user_properties).get(TOOK, 0.0)
        row[1] += report.duration
        row[2] += report.when == "call"
    return found


def pytest_terminal_summary(terminalreporter):
    """Write the folders that took longest, of the processor and by the clock."""
    told = terminalreporter
    if not told.config.getoption("durations"):
        return
    reports = [r for rs in told.stats.values() for r in rs if hasattr(r, "when")]
    rows = sorted(by_folder(reports).items(), key=lambda row: -row[1][1])
    told.section("time by folder (processor of the tests' own processes, wall)")
    for name, (own, wall, number) in rows:
        told.write_line(f"{own:8.1f} s {wall:8.1f} s {number:6} tests  {name}")
    own, wall = (sum(row[1][n] for row in rows) for n in (0, 1))
    told.write_line(f"{own:8.1f} s {wall:8.1f} s  all")
