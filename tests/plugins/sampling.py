"""Long tables of cases are run in turns: a part each day, the whole by ``make test-all``.

``@pytest.mark.turns(3)`` runs each case of a test on one day of three, chosen by the seed: the day
of the year, or RMRCPM_TEST_SEED to run again what another day ran. Three days in a row run every
case. Tests of one case take turns with the others of their file. ``always`` names cases that are
never left out. The head of a report says the seed, its end how many cases had their turn. With
--whole nothing is left out, and neither are tests whose app has changed against the main branch.
"""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARE = pytest.StashKey[list]()
SEED, WHOLE = "RMRCPM_TEST_SEED", "RMRCPM_TEST_WHOLE"


def pytest_addoption(parser):
    """Add --whole."""
    parser.addoption("--whole", action="store_true", help="run every case, none in turns")


def pytest_configure(config):
    """Fix the seed before the tests are shared, so that all processes choose the same cases."""
    os.environ.setdefault(SEED, str(datetime.now(UTC).timetuple().tm_yday))
    if config.getoption("whole"):
        os.environ[WHOLE] = "1"
    config.addinivalue_line(
        "markers",
        "turns(days, always=(), of=()): run a case on one day of several; not in turns where files"
        " under a folder of ``of`` differ from the main branch",
    )


def seed():
    """Return the number that chooses today's cases."""
    return int(os.environ[SEED])


def place(case):
    """Return a number that stays the same for a case, to mix neighbours."""
    return sha256(case.encode()).hexdigest()


def has_turn(cases, days, always, number):
    """Return the cases whose turn it is: each on one of so many days in a row, and ``always``."""
    mixed = sorted(cases, key=place)
    return {c for n, c in enumerate(mixed) if n % days == number % days} | set(always)


def in_turn(cases, *, days, always=(), of=()):
    """Return the cases of a list inside a test whose turn it is, or all with --whole.

    All of them, too, where files under a folder of ``of`` differ from the main branch.
    """
    if os.environ.get(WHOLE) or differs(of):
        return list(cases)
    on = has_turn([str(c) for c in cases], days, map(str, always), seed())
    return [c for c in cases if str(c) in on]


def differs(folders):
    """Whether files under one of some folders differ from the main branch."""
    return bool(folders) and any(file.startswith(tuple(folders)) for file in changed())


def told_by_git(*words):
    """Return what git prints, or None where it cannot tell."""
    git = ["git", "-C", str(ROOT), *words]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


@cache
def forked_at():
    """Return the commit at which this branch left the main one, or None where git cannot tell."""
    bases = (told_by_git("merge-base", "HEAD", main) for main in ("main", "origin/main"))
    return next((found.strip() for found in bases if found), None)


@cache
def changed():
    """Return the files that differ from the main branch, new ones too; none where git cannot tell.

    A copy that has no main branch of its own is compared with the one it was copied from.
    """
    base = forked_at()
    if base is None:
        return []
    differ = told_by_git("diff", "--name-only", base) or ""
    new = told_by_git("ls-files", "--others", "--exclude-standard") or ""
    return [*differ.splitlines(), *new.splitlines()]


def table_of(item):
    """Return the table a test is a case of: its test's, or its file's where it has one case."""
    file, _, test = item.nodeid.partition("::")
    return f"{file}::{test.split('[')[0]}" if hasattr(item, "callspec") else file


def case_of(item):
    """Return the name of a case inside its table."""
    return item.callspec.id if hasattr(item, "callspec") else item.name


def pytest_collection_modifyitems(config, items):
    """Leave out the cases whose turn it is not."""
    if config.getoption("whole") or named(config):
        return
    tables = defaultdict(list)
    for item in items:
        if item.get_closest_marker("turns"):
            tables[table_of(item)].append(item)
    out = []
    config.stash[SHARE] = [0, sum(map(len, tables.values()))]
    for table in tables.values():
        mark = table[0].get_closest_marker("turns")
        if differs(mark.kwargs.get("of", ())):
            continue
        (days,) = mark.args
        on = has_turn([case_of(i) for i in table], days, mark.kwargs.get("always", ()), seed())
        out += [i for i in table if case_of(i) not in on]
    config.stash[SHARE][0] = config.stash[SHARE][1] - len(out)
    if hasattr(config, "workeroutput"):
        config.workeroutput["turns"] = config.stash[SHARE]
    if out:
        left = set(out)
        items[:] = [i for i in items if i not in left]
        config.hook.pytest_deselected(items=out)


def named(config):
    """Whether somebody asked for one test by its name: it is run whatever the day."""
    return config.option.keyword or any("::" in word for word in config.args)


def pytest_report_header(config):
    """Say what a run of the same seed repeats."""
    if config.getoption("whole"):
        return "every case is run (--whole)"
    if forked_at() is None:
        return f"cases in turns by seed {seed()}; git cannot tell what has changed: make test-all"
    return (
        f"cases in turns by seed {seed()}: repeat with {SEED}={seed()}, run all with make test-all"
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over from a process how many cases had their turn: each has chosen the same."""
    node.config.stash[SHARE] = getattr(node, "workeroutput", {}).get("turns", [0, 0])


def pytest_terminal_summary(terminalreporter):
    """Say how many of the cases in turns were run."""
    on, whole = terminalreporter.config.stash.get(SHARE, [0, 0])
    if whole:
        terminalreporter.write_line(f"{on} of {whole} cases that run in turns had their turn today")
