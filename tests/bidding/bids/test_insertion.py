"""Bid insertion of a trade date, from bids and outages to rows (MSIM-2000)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.bidding.bids.models import BidHour, BidRow
from tests.bidding.bids.conftest import DAY

pytestmark = pytest.mark.django_db
D = Decimal


def hour(run, n, unit="GRNLF2_1_UNIT"):
    return BidHour.objects.get(run=run, unit=unit, hour_ending=n)


def energy(run, n, unit="GRNLF2_1_UNIT"):
    rows = BidRow.objects.filter(run=run, unit=unit, hour_ending=n, product="ENERGY")
    return [(r.from_mw, r.to_mw, r.price, r.source) for r in rows.order_by("line_no")]


def others(run, n, unit="GRNLF2_1_UNIT"):
    rows = BidRow.objects.filter(run=run, unit=unit, hour_ending=n).exclude(
        product__in=["ENERGY", "START_UP", "MIN_LOAD", "TRANSITION"]
    )
    return {(r.product, r.to_mw, r.price, r.source) for r in rows}


@pytest.mark.brq("MSIM-2000", "BRQ-0520", "BRQ-0523")
def test_a_partial_bid_is_filled_and_the_own_part_stays(priced, bid, calculate):
    bid(first_hour=1, last_hour=12)
    run = calculate(DAY, kind="bids.insertion_da")
    cost = energy(run, 13)[0][2]
    assert energy(run, 1) == [
        (D(10), D(30), D(40), "SC"),
        (D(30), D("49.2"), max(cost, D(40)), "ISO"),
    ]
    assert energy(run, 13) == [(D(10), D("49.2"), cost, "ISO")]
    assert others(run, 1) == {
        ("RUC", D("49.2"), 0, "ISO"),
        ("SPIN", D(15), 0, "ISO"),
        ("REGUP", D(8), 0, "ISO"),
    }
    assert (hour(run, 1).shortfall_mw, hour(run, 13).shortfall_mw) == (D("19.2"), D("49.2"))
    costs = BidRow.objects.filter(
        run=run, unit="GRNLF2_1_UNIT", hour_ending=1, product__in=["START_UP", "MIN_LOAD"]
    )
    assert {(c.product, c.price, c.source) for c in costs} == {
        ("START_UP", D("611.65"), "ISO"),
        ("MIN_LOAD", D("465.68"), "ISO"),
    }


@pytest.mark.brq("MSIM-2000", "BRQ-0500", "BRQ-0260")
def test_legacy_and_use_limited_resources_get_nothing(priced, calculate):
    run = calculate(DAY, kind="bids.insertion_da")
    assert not BidRow.objects.filter(
        run=run, unit__in=["METEC_2_PL1X3", "OAK C_7_UNIT 1", "SUNSET_2_UNITS"]
    ).exists()
    legacy, limited = hour(run, 1, "METEC_2_PL1X3"), hour(run, 1, "SUNSET_2_UNITS")
    assert (legacy.shortfall_mw, legacy.inserted) == (0, False)
    assert (limited.shortfall_mw, limited.moo) == (D(248), "N")


@pytest.mark.brq("MSIM-2000", "BRQ-0520")
def test_an_outage_lowers_the_obligation_hour_by_hour(priced, outage, calculate):
    outage("19.2", datetime(2024, 9, 4, 15, 30, tzinfo=UTC), datetime(2024, 9, 4, 17, tzinfo=UTC))
    outage("30", datetime(2024, 9, 4, 16, tzinfo=UTC), datetime(2024, 9, 4, 17, tzinfo=UTC))
    run = calculate(DAY, kind="bids.insertion_da")
    said = {n: hour(run, n).obligation_mw for n in (8, 9, 10, 11)}
    # 15:30 UTC is 8:30 Pacific, in HE9; both are out in HE10
    assert said == {8: D("49.2"), 9: D(30), 10: 0, 11: D("49.2")}
    assert [s[1] for s in energy(run, 9)] == [D(30)]
    assert energy(run, 10) == []
    assert "no obligation" in hour(run, 10).reason


@pytest.mark.brq("MSIM-2000", "BRQ-0520")
def test_what_came_after_the_close_of_an_hour_does_not_change_it(priced, outage, calculate):
    before = calculate(DAY, kind="bids.insertion_rt")
    outage(
        "49.2", datetime(2024, 9, 4, 7, tzinfo=UTC), None, at=datetime(2024, 9, 4, 17, tzinfo=UTC)
    )
    after = calculate(DAY, kind="bids.insertion_rt")
    assert after.version == before.version + 1
    # filed 10:00 Pacific: hours that begin up to 11:15 had closed
    assert [hour(after, n).obligation_mw for n in (1, 12, 13)] == [D("49.2"), D("49.2"), 0]
    assert not BidRow.objects.filter(run=after, product="RUC").exists()


@pytest.mark.brq("BRQ-0520")
def test_with_the_flag_off_nothing_is_inserted(priced, calculate, person, now):
    from apps.platform.parameters import services as parameters

    proposal = parameters.propose(
        name="bids.insertion_flag",
        text="N",
        first_date=DAY,
        last_date=DAY,
        reference="test",
        reason="test",
        actor=person("iso.analyst"),
        at=now,
    )
    parameters.approve(proposal_id=proposal.pk, actor=person("iso.approver"), at=now)
    run = calculate(DAY, kind="bids.insertion_da")
    assert not BidRow.objects.filter(run=run, source="ISO").exists()
    assert hour(run, 1).reason == "The bid insertion flag is N."


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 10), 23), (date(2024, 11, 3), 25)])
@pytest.mark.brq("MSIM-2000")
def test_clock_change_days_have_23_and_25_hours(costs_on_file, calculate, day, hours):
    calculate(day)
    run = calculate(day, kind="bids.insertion_da")
    rows = BidHour.objects.filter(run=run, unit="GRNLF2_1_UNIT")
    assert rows.count() == hours
    assert rows.filter(inserted=True).count() == 0 or rows.filter(inserted=True).count() == hours


@pytest.mark.brq("BRQ-0520", "BRQ-0523")
def test_configurations_are_filled_each_up_to_its_own_pmax(priced, calculate):
    run = calculate(DAY, kind="bids.insertion_da")
    rows = BidRow.objects.filter(run=run, unit="SYN_MESA_2_CC", hour_ending=1)
    ruc = {r.config: r.to_mw for r in rows.filter(product="RUC")}
    assert ruc == {"1X1": D(60), "2X1": D(120)}
    step = rows.get(product="TRANSITION", config="1X1", to_config="2X1")
    assert (step.price, step.source) == (D("1584.91"), "ISO")


@pytest.mark.brq("BRQ-0523")
def test_no_commitment_cost_is_inserted_from_nothing(priced, bid, calculate, load):
    from tests.bidding.costs.files import COMMITMENT

    without = COMMITMENT.replace("GRNLF2_1_UNIT,,,120,2,0.053165,Y,PROXY,PROXY\n", "")
    load("commitment-inputs", without, sender="iso.admin", options={"as_of": "2024-01-01"})
    bid(first_hour=1, last_hour=1, startup=D(700))
    calculate()
    run = calculate(DAY, kind="bids.insertion_da")
    rows = BidRow.objects.filter(run=run, unit="GRNLF2_1_UNIT")
    costs = rows.filter(product__in=["START_UP", "MIN_LOAD"])
    assert [(c.hour_ending, c.product, c.source) for c in costs] == [(1, "START_UP", "SC")]
    assert rows.filter(product="ENERGY", source="ISO").exists()
    sentence = "inserted: none is calculated, see the violations of the daily costs."
    assert f"No minimum load cost {sentence}" in hour(run, 1).reason
    assert "No start-up cost" not in hour(run, 1).reason
    assert f"No start-up cost {sentence}" in hour(run, 2).reason
