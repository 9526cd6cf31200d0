"""Energy that is not measured or has no price is named before the run, with the file it lacks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from apps.platform.audit.services import MoveRefused
from apps.platform.runs import services as runs
from apps.platform.runs.hooks import HoldEffect
from apps.settlement.settlements.services import (
    energy_without_intervals,
    energy_without_prices,
    readiness_on,
)
from tests.conftest import DAY
from tests.scenarios.files import demand, of_day, spread, written

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1225", "BRQ-1255")]
UNIT = "SUNSET_2_UNITS"
FROM_NOW = date(2026, 12, 2)
HOURS = {
    "RESOURCE_ID": UNIT,
    "HOUR_ENDING": "8-17",
    "DA_MWH": "100",
    "MIN_LOAD_MWH": "40",
    "BID_COST_USD": "1920",
    "DA_LMP": "",
}
INTERVALS = {
    "RESOURCE_ID": UNIT,
    "HOUR_ENDING": "8-17",
    "INTERVAL": "1-12",
    "EXPECTED_MWH": "8",
    "METERED_MWH": "8",
    "RTD_MWH": "0",
    "RTD_LMP": "",
}


def now():
    return datetime.now(UTC)


def rows(*given, day=DAY):
    return written(spread(of_day(list(given), day)))


def test_awards_without_a_5_minute_row_are_named_by_their_hours(load, as_user):
    """given day-ahead energy; when no 5-minute row comes; then its hours are named with the file"""
    load("market-hours", rows(HOURS | {"DA_LMP": "44.50"}))
    (hold,) = energy_without_intervals(DAY, now())
    assert (hold.code, hold.resource, hold.effect) == (
        "RESULTS-NO-INTERVALS",
        UNIT,
        HoldEffect.NAMED,
    )
    assert "10 hours of awards or commitments on 2024-09-04 without a 5-minute row" in hold.sentence
    assert energy_without_prices(DAY, now()) == []
    page = as_user("iso.analyst").get(f"/trade-dates/{DAY}/data-quality/").content.decode()
    assert "10 hours of awards or commitments" in page
    assert "Measured energy of results" in page
    load("market-intervals", rows(INTERVALS | {"HOUR_ENDING": "8-16", "RTD_LMP": "40"}))
    (hold,) = energy_without_intervals(DAY, now())
    assert hold.sentence.startswith(f"{UNIT}: 1 hour of awards")
    load("market-intervals", rows(INTERVALS | {"RTD_LMP": "40"}))
    assert energy_without_intervals(DAY, now()) == []


def test_a_commitment_without_a_5_minute_row_is_named_and_a_self_committed_one_is_not(load):
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,MARKET,EVENT,COMMITTED_BY,COST_USD\n"
    load("commitments", f"{head}{UNIT},{DAY},7,RTM,START,SELF,100\n", sender="iso.admin")
    assert energy_without_intervals(DAY, now()) == []
    load("commitments", f"{head}{UNIT},{DAY},7,RUC,START,ISO,100\n", sender="iso.admin")
    (hold,) = energy_without_intervals(DAY, now())
    assert "1 hour of awards or commitments" in hold.sentence


def test_energy_at_a_price_of_0_is_named_with_the_file_it_is_of(load, as_user):
    """given energy whose price is blank; when the day is looked at; then it says so first"""
    load("market-hours", rows(HOURS))
    load("market-intervals", rows(INTERVALS | {"RTD_MWH": "8"}))
    found = energy_without_prices(DAY, now())
    assert [(h.resource, h.details["file"]) for h in found] == [
        (UNIT, "market-hours"),
        (UNIT, "market-intervals"),
    ]
    assert "10 hours of 2024-09-04 with energy at a price of 0" in found[0].sentence
    assert "120 5-minute intervals" in found[1].sentence
    page = as_user("iso.analyst").get(f"/trade-dates/{DAY}/data-quality/").content.decode()
    for kind in ("market-hours", "market-intervals"):
        assert reverse("upload-new", args=[kind]) in page
    load("market-hours", rows(HOURS | {"DA_LMP": "44.50"}))
    assert [h.details["file"] for h in energy_without_prices(DAY, now())] == ["market-intervals"]


def test_from_its_day_on_a_second_person_answers_for_it(load, settle, person):
    """given a day after the rule; when energy has neither; then publishing asks for a reason"""
    load("market-hours", rows(HOURS, day=FROM_NOW))
    load_rows = [{"SC_ID": "SYN_LSE_BAY", "TAC_AREA": "PGE-TAC", "MWH": "1000"}]
    load("metered-demand", written(demand(load_rows, FROM_NOW)), options={"covers": "WHOLE"})
    states = {check.name: {h.effect for h in held} for check, held in readiness_on(FROM_NOW, now())}
    assert states["energy"] == states["prices"] == {HoldEffect.REASON}
    run = settle(FROM_NOW, publish=False)
    assert {h["code"] for h in run.holds} >= {"RESULTS-NO-INTERVALS", "RESULTS-NO-PRICE"}
    with pytest.raises(MoveRefused, match="answered for"):
        runs.publish(run_id=run.pk, actor=person("iso.approver"), at=now())
