"""Which tests stay together when several processes share them (``-n``), and which begin first.

A file stays together, so that what it sets up is set up once. Tests that start the whole product,
and those that commit, stay together as they share what cannot be had twice; walks of every address
by one person each go where there is room. Long ones come first.
"""

import pytest

TOGETHER = {
    "tests/journeys/test_launch.py": "launch",
    "tests/journeys/": "journeys",
    "tests/reliability/": "reliability",
}
APART = ("tests/pages/", "tests/scenarios/", "tests/uploads/test_fuzz.py")
LONG_FIRST = ("tests/journeys/", "tests/pages/")


def group(nodeid):
    """Return the name of the group a test belongs to."""
    if nodeid.startswith(APART):
        return nodeid
    file = nodeid.split("::")[0]
    return next((name for start, name in TOGETHER.items() if file.startswith(start)), file)


def pytest_collection_modifyitems(items):
    """Put the long tests first, each group in its own order."""
    first = {start: number for number, start in enumerate(LONG_FIRST)}

    def turn(item):
        return next((n for s, n in first.items() if item.nodeid.startswith(s)), len(first))

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
