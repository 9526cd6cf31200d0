"""Which tests stay together when several processes share them (``-n``), and which begin first.

A file stays together, so that what it sets up is set up once. Tests that start the whole product,
and those that commit, stay together as they share what cannot be had twice. Long ones come first.
"""

import pytest

TOGETHER = {"tests/journeys/": "journeys", "tests/reliability/": "reliability"}
LONG_FIRST = ("tests/journeys/",)


def group(nodeid):
    """Return the name of the group a test belongs to."""
    file = nodeid.split("::")[0]
    return next((name for start, name in TOGETHER.items() if file.startswith(start)), file)


def pytest_collection_modifyitems(items):
    """Put the long tests first, each group in its own order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG_FIRST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out whole groups, in the order of the tests."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group(nodeid)

    config.option.loadscopereorder = False
    return Groups(config, log)
