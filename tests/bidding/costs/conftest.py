"""A day with everything its costs are calculated from, loaded once for the tests of a file."""

from datetime import UTC, date, datetime

import pytest

from tests import acts
from tests.bidding.costs.files import FILES

DAY = date(2024, 9, 4)


@pytest.fixture(scope="module")
def day_on_file(world):
    """Load every input of the day; it stays for the tests of the file."""
    with world():
        for kind, text, options in FILES:
            acts.load(kind, text, sender="iso.admin", options=options)
        yield


@pytest.fixture
def costs_on_file(day_on_file, db):
    """Begin with every input of the day on file."""


@pytest.fixture
def calculate(person):
    """Calculate a trade date's costs, or another kind of run; return the sealed run."""
    from apps.platform.runs import services as runs

    def go(day=DAY, *, kind="costs.daily", by="iso.analyst", state="SEALED"):
        now = datetime.now(UTC)
        run, _ = runs.request(
            kind_code=kind, trade_date=day, actor=person(by), at=now, reason="test"
        )
        run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
        assert run.state == state, run.error
        return run

    return go
