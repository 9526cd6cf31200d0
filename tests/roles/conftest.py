"""People of every role."""

from __future__ import annotations

import pytest

from tests.roles import written


@pytest.fixture(scope="module")
def staff(world):
    """One person for each role, the coordinator's all of one SC."""
    with world():
        yield written.people()
