"""A day whose costs are outdated says so, whether anything is taken from them or not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.platform.core.tradetime import Span
from apps.platform.runs.services import outdated_at
from apps.platform.uploads.models import DatasetVersion
from apps.settlement.settlements.services import data_quality_of, holds_on, outdated_unused
from tests import acts
from tests.bidding.costs.conftest import day_on_file  # noqa: F401
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1206", "BRQ-1215")]
GAS = "FUEL_INDEX,PRICE_DATE,USD_MMBTU\nSOCAL_CITYGATE,2024-09-03,2.11\n"
START = (
    "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,MARKET,EVENT,COMMITTED_BY,COST_USD\n"
    f"SUNSET_2_UNITS,{DAY},7,IFM,START,ISO,\n"
)
SAID = (
    f"Outdated; no resource of this day takes anything from it: Daily costs of {DAY} (v1), "
    "fuel prices changed since."
)


@pytest.fixture(scope="module")
def day_calculated(day_on_file, world):  # noqa: F811
    with world():
        acts.calculate("costs.daily", DAY)
        yield


@pytest.fixture
def calculated(day_calculated, db):
    """Begin with the costs of the day calculated."""


def states():
    found = data_quality_of(DAY, datetime.now(UTC))
    return {c.check.name: c.state for c in found.checks}, found


def test_an_outdated_run_that_nothing_takes_from_is_advisory(calculated, load, as_user):
    """given costs of a day; when a price of it changes; then every page says outdated"""
    assert states()[0]["unused"] == "READY"
    assert not outdated_unused(DAY, datetime.now(UTC))
    load("fuel-prices", GAS)
    found, quality = states()
    assert (found["costs"], found["unused"]) == ("READY", "NAMED")
    assert quality.state != "READY"
    assert quality.holds == holds_on(DAY, datetime.now(UTC)) == []
    client = as_user("iso.analyst")
    for address in (f"/trade-dates/{DAY}/", f"/trade-dates/{DAY}/data-quality/"):
        assert SAID in client.get(address).content.decode(), address
    told = client.get(f"/api/v1/trade-dates/{DAY}/data-quality/").json()
    assert [c["state"] for c in told["checks"] if c["name"] == "unused"] == ["NAMED"]
    version = DatasetVersion.objects.get(dataset="costs.fuel_prices", period="2024-09-03")
    assert [o.run.trade_date for o in outdated_at(Span(DAY), version.known_from)] == [DAY]


def test_an_outdated_run_that_a_resource_takes_from_is_held(calculated, load):
    """given a start at its proxy cost; when a price changes; then the costs hold it, said once"""
    load("commitments", START, sender="iso.admin")
    load("fuel-prices", GAS)
    found, quality = states()
    assert (found["costs"], found["unused"]) == ("HELD", "READY")
    assert [h.code for h in quality.holds] == ["COSTS-OUTDATED"]


def test_calculated_again_the_day_is_ready(calculated, load, calculate):
    load("fuel-prices", GAS)
    calculate("costs.daily", DAY)
    assert states()[0]["unused"] == "READY"
