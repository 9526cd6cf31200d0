"""CPM designated after its month was measured: nothing is paid on days nobody measured for it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.platform.audit.services import MoveRefused
from apps.platform.core.tradetime import TradeDay
from apps.platform.runs import services as runs
from apps.reference.outages.models import OutageCard
from apps.reference.resources.models import Resource
from apps.reference.resources.selectors import pmax_of
from apps.settlement.settlements.models import ChargeLine, RaaimLine
from tests.conftest import ROOT
from tests.scenarios import world

DEMO = ROOT / "fixtures" / "demo"
JANUARY = [date(2024, 1, n) for n in range(1, 32)]
ASSESSED = [d for d in JANUARY if d.weekday() < 5 and d != date(2024, 1, 1)]
UNIT = "SYN_CEDAR_4_ST"
pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1215", "BRQ-1240")]


@pytest.fixture
def late_and_out(load, person, calculate):
    """January measured, the unit out from the 15th to the 19th, then 50 MW designated from the 1st.

    Of what is owed under the designation, 22 days of 5 hours, 5 days are lost.
    """
    text = (DEMO / "metered_demand_2024-09-05.csv").read_text().replace("2024-09-05", "2024-01-31")
    load("metered-demand", text)
    unit = Resource.objects.get(code=UNIT)
    OutageCard.objects.create(
        state=OutageCard.STATES.initial,
        opened_by=person("iso.operator"),
        opened_at=datetime(2024, 1, 12, tzinfo=UTC),
        resource=unit,
        outage_type="FORCED",
        nature="PLANT_TROUBLE",
        reason="test",
        mrid="C1",
        curtailed_mw=pmax_of({unit.pk}, date(2024, 1, 15), datetime.now(UTC))[unit.pk],
        starts_at=TradeDay(date(2024, 1, 15)).start,
        ends_at=TradeDay(date(2024, 1, 20)).start,
    )
    calculate("availability.daily", *JANUARY)
    row = {"RESOURCE_ID": UNIT, "MW": "50", "PRICE": "6.31"}
    world.designate([row | {"FIRST_DATE": "2024-01-01", "LAST_DATE": "2024-01-31"}], person)


def test_three_days_of_twenty_two_pay_nobody_and_all_of_them_charge(
    late_and_out, settle, calculate, person
):
    """Given a late designation, when a few days are measured, then its month is held.

    By 3 available days it would have been paid a share of the pool; by all, availability is
    4,250 of 5,500 MWh and (94.5 % − 77.2727… %) × 50 MW × 1000 × 3.79 are charged.
    """
    end = JANUARY[-1]
    calculate("availability.daily", *ASSESSED[:3])
    run = settle(end, publish=False)
    line = RaaimLine.objects.get(run=run, resource__code=UNIT)
    assert (line.outcome, line.charge, line.payment) == ("DATA_HOLD", None, None)
    assert (line.measured_days, line.assessed_days) == (3, 22)
    lines = ChargeLine.objects.filter(run=run, charge_code="RAAIM-SET")
    assert not lines.filter(resource__code=UNIT).exists()
    with pytest.raises(MoveRefused, match=f"{UNIT} GENERIC in 2024-01: 3 of 22 assessed days"):
        runs.publish(run_id=run.pk, actor=person("iso.approver"), at=datetime.now(UTC))

    calculate("availability.daily", *ASSESSED[3:])
    run = settle(end)
    assert (run.state, run.holds) == ("PUBLISHED", [])
    line = RaaimLine.objects.get(run=run, resource__code=UNIT)
    assert (line.owed, line.lost) == (Decimal("5500"), Decimal("1250"))
    assert line.charge == Decimal("32645.68")
    paid = ChargeLine.objects.get(run=run, charge_code="RAAIM-SET", resource__code=UNIT)
    assert paid.amount == Decimal("32645.68")
