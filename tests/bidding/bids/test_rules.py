"""Bid insertion for one hour: the rule book's cases, and what must hold of any."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bidding.bids.rules import BidStep, Hour, Submitted, Unit, fill_bid
from apps.platform.core.calculator import Refused
from apps.site.calculators.services import calculate

D = Decimal
CASE = {
    "vintage": "NEW",
    "moo": "R",
    "flag": "Y",
    "market": "DA",
    "pmax_mw": "49.2",
    "pmin_mw": "10",
    "outage_mw": "0",
    "cost_segments": [{"from_mw": "10", "to_mw": "49.2", "usd_mwh": "41.20"}],
    "certified_as_mw": {"SPIN": "15", "REGUP": "8"},
    "submitted": {"energy": [], "ruc_mw": None, "as": []},
}
HALF = [{"from_mw": "10", "to_mw": "30", "usd_mwh": "39.00"}]
WHOLE = {
    "energy": [{"from_mw": "10", "to_mw": "49.2", "usd_mwh": "40.10"}],
    "ruc_mw": "49.2",
    "as": [
        {"product": "SPIN", "mw": "15", "usd_mw": "1.50"},
        {"product": "REGUP", "mw": "8", "usd_mw": "0"},
    ],
}


def run(**change):
    return calculate(name="bid-insertion", text=json.dumps(CASE | change))


def energy(found):
    return [(s["from_mw"], s["to_mw"], s["usd_mwh"], s["source"]) for s in found["energy"]]


@pytest.mark.brq("MSIM-2000", "BRQ-0520")
def test_no_bid_is_inserted_whole():
    found = run()
    assert energy(found) == [("10", "49.2", "41.20", "ISO")]
    assert found["ruc"] == {"mw": "49.2", "usd_mw": "0", "source": "ISO"}
    assert [(a["product"], a["mw"], a["usd_mw"], a["source"]) for a in found["as"]] == [
        ("SPIN", "15", "0", "ISO"),
        ("REGUP", "8", "0", "ISO"),
    ]
    assert found["shortfall_mw"] == "49.2"


@pytest.mark.parametrize(("price", "appended"), [("39.00", "41.20"), ("44.00", "44.00")])
@pytest.mark.brq("MSIM-2000")
def test_a_partial_bid_is_continued_never_below_its_own_price(price, appended):
    half = [HALF[0] | {"usd_mwh": price}]
    found = run(submitted=CASE["submitted"] | {"energy": half})
    assert energy(found) == [("10", "30", price, "SC"), ("30", "49.2", appended, "ISO")]
    assert found["shortfall_mw"] == "19.2"


@pytest.mark.brq("MSIM-2000")
def test_outages_bound_what_is_inserted():
    found = run(outage_mw="19.2")
    assert energy(found) == [("10", "30", "41.20", "ISO")]
    assert found["ruc"]["mw"] == "30"
    gone = run(outage_mw="40")
    assert (gone["energy"], gone["ruc"], gone["as"]) == ([], None, [])
    assert gone["ra_obligation_mw"] == "9.2"
    assert "below Pmin" in gone["reason"]


@pytest.mark.parametrize(
    "change",
    [
        {"moo": "N"},
        {"flag": "N"},
        {"vintage": "LEGACY"},
        {"outage_mw": "49.2"},
        {"outage_mw": "60"},
    ],
)
@pytest.mark.brq("MSIM-2000", "BRQ-0260", "BRQ-0500", "BRQ-0505")
def test_nothing_is_inserted_where_it_is_not_due(change):
    found = run(**change, submitted=CASE["submitted"] | {"energy": HALF})
    assert energy(found) == [("10", "30", "39.00", "SC")]
    assert (found["ruc"], found["as"]) == (None, [])


@pytest.mark.brq("MSIM-2000")
def test_a_full_bid_stays_letter_by_letter():
    found = run(submitted=WHOLE)
    assert energy(found) == [("10", "49.2", "40.10", "SC")]
    assert found["ruc"] == {"mw": "49.2", "usd_mw": "0", "source": "SC"}
    assert {a["source"] for a in found["as"]} == {"SC"}
    assert found["shortfall_mw"] == "0"


@pytest.mark.brq("BRQ-0520")
def test_missing_types_are_inserted_beside_energy_and_no_ruc_in_real_time():
    only = {"energy": WHOLE["energy"], "ruc_mw": None, "as": WHOLE["as"][:1]}
    found = run(submitted=only)
    assert found["ruc"]["source"] == "ISO"
    assert [a["source"] for a in found["as"]] == ["SC", "ISO"]
    assert run(submitted=only, market="RT")["ruc"] is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            {"submitted": {"energy": [*HALF, HALF[0] | {"from_mw": "20", "to_mw": "40"}]}},
            "BID-OVERLAP",
        ),
        ({"vintage": "OLD"}, "CALC-CHOICE"),
        ({"pmin_mw": "60"}, "CALC-RANGE"),
        ({"certified_as_mw": {"WIND": "1"}}, "CALC-CHOICE"),
        ({"submitted": {"as": [{"product": "SPIN", "mw": "-1", "usd_mw": "0"}]}}, "CALC-RANGE"),
        (
            {"submitted": {"energy": [{"from_mw": "30", "to_mw": "10", "usd_mwh": "1"}]}},
            "BID-SEGMENT",
        ),
        ({"cost_segments": "x"}, "CALC-SHAPE"),
    ],
)
def test_wrong_input_is_refused_with_its_code(change, code):
    with pytest.raises(Refused) as caught:
        run(**change)
    assert code in {f.code for f in caught.value.violations}


steps = st.lists(st.integers(1, 200), min_size=1, max_size=6)


def curve(start, widths, price):
    found, at = [], D(start)
    for number, width in enumerate(widths):
        found.append(BidStep(at, at + width, D(price) + number))
        at += width
    return found


@pytest.mark.brq("BRQ-0520")
@given(st.integers(0, 50), steps, st.none() | steps, st.integers(0, 400), st.integers(1, 90))
def test_what_is_inserted_never_touches_falls_or_exceeds(pmin, cost, own, outage, price):
    hour = Hour("NEW", "R", "Y", "DA", D(300), D(outage))
    given_bid = curve(pmin, own, price) if own else []
    unit = Unit(D(pmin), D(300), curve(pmin, cost, 40))
    done = fill_bid(hour, unit, Submitted(given_bid), [("SPIN", D(20))])
    assert list(done.energy[: len(given_bid)]) == given_bid
    added = done.energy[len(given_bid) :]
    assert all(s.source == "ISO" and s.to_mw <= hour.obligation_mw for s in added)
    assert [s.price for s in done.energy] == sorted(s.price for s in done.energy)
    for left, right in zip(done.energy, done.energy[1:], strict=False):
        assert left.to_mw == right.from_mw
    if hour.obligation_mw >= pmin and hour.obligation_mw > 0:
        assert max(s.to_mw for s in done.energy or [BidStep(D(0), D(pmin), D(0))]) >= min(
            hour.obligation_mw, max([D(pmin), *(s.to_mw for s in done.energy)])
        )
        top = max([D(pmin), *(s.to_mw for s in done.energy)])
        assert top >= hour.obligation_mw
