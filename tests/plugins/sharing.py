"""Which tests stay together when several processes share them (``-n``), and which begin first.

A file stays together, so that what it sets up is set up once. Tests that start the whole product,
and those that commit, stay together as they share what cannot be had twice; walks of every address
by one person each go where there is room. Long ones come first. Folders and files are told by their
names, in whichever folder they stand.
"""

from pathlib import PurePosixPath

import pytest

COMMITTING = (
    "test_backup.py",
    "test_faults.py",
    "test_second_factor_together.py",
    "test_supervision.py",
    "test_two_at_once.py",
)
# the last of them looks at the pages of what the others have made
JOURNEYS_OF_THE_DESK = (
    "test_adequacy.py",
    "test_at_once.py",
    "test_bids.py",
    "test_cost_recovery.py",
    "test_designation.py",
    "test_desk.py",
    "test_looks.py",
)
TOGETHER = {
    "test_launch.py": "launch",
    "test_supervised.py": "supervised",
    "journeys": "journeys",
    **dict.fromkeys(COMMITTING, "committing"),
}
APART = {"pages", "scenarios", "test_fuzz.py"}
LONG_FIRST = (
    "test_launch.py",
    "test_supervised.py",
    "journeys",
    "pages",
    "scenarios",
    "test_contract.py",
)


def parts(nodeid):
    """Return the names of a test's folders and file."""
    return PurePosixPath(nodeid.split("::")[0]).parts


def group(nodeid):
    """Return the name of the group a test belongs to."""
    names = parts(nodeid)
    if APART & set(names):
        return nodeid
    if "journeys" in names and names[-1] in JOURNEYS_OF_THE_DESK:
        return "journeys of the desk"
    return next((group for name, group in TOGETHER.items() if name in names), "/".join(names))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the long tests first, each group in its own order."""

    def turn(item):
        names = parts(item.nodeid)
        return next((n for n, name in enumerate(LONG_FIRST) if name in names), len(LONG_FIRST))

    items.sort(key=turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out whole groups, in the order of the tests."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group(nodeid)

    config.option.loadscopereorder = False
    return Groups(config, log)
