"""A day with costs, certified services and the SC of a resource that bids."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests import acts
from tests.bidding.costs.conftest import calculate, costs_on_file, day_on_file  # noqa: F401

DAY = date(2024, 9, 4)
BEFORE = datetime(2024, 9, 3, 16, tzinfo=UTC)  # 9:00 Pacific of the day before


@pytest.fixture(scope="module")
def day_priced(day_on_file, world):  # noqa: F811
    """Calculate the day; Greenleaf is certified for SPIN 15 and REGUP 8."""
    with world():
        acts.load(
            "certified-services",
            "RESOURCE_ID,PRODUCT,CERTIFIED_MW,EFFECTIVE_DT\nGRNLF2_1_UNIT,SPIN,15,2024-01-01\n"
            "GRNLF2_1_UNIT,REGUP,8,2024-01-01\n",
        )
        yield acts.calculate("costs.daily", DAY)[0]


@pytest.fixture
def priced(day_priced, db):
    """Begin with the day calculated; return the run."""
    return day_priced


@pytest.fixture
def bidder(db):
    """Return a user of the SC of Greenleaf."""
    from apps.platform.accounts.models import Party
    from apps.platform.accounts.services import user_ensure

    return user_ensure(
        username="sc.sierra",
        password="x",
        roles=["SC_USER"],
        party=Party.objects.get(code="SYN_GEN_SIERRA"),
    )


@pytest.fixture
def bid(bidder):
    """Submit a bid of Greenleaf before the day-ahead market closes."""
    from apps.bidding.bids import services

    def go(at=BEFORE, **change):
        given = {
            "market": "DA",
            "resource": "GRNLF2_1_UNIT",
            "trade_date": DAY,
            "energy": [["10", "30", "40.00"]],
        } | change
        return services.submit_bid(given=services.BidInput(**given), actor=bidder, at=at)

    return go


@pytest.fixture
def outage(person):
    """File an outage of Greenleaf."""
    from apps.reference.outages import services

    def go(mw, start, end, at=BEFORE):
        return services.file_outage(
            given=services.OutageInput(
                resource="GRNLF2_1_UNIT",
                outage_type="FORCED",
                nature="PLANT_TROUBLE",
                curtailed_mw=Decimal(mw),
                starts_at=start,
                ends_at=end,
                reason="leak",
            ),
            actor=person("iso.operator"),
            at=at,
        )

    return go
