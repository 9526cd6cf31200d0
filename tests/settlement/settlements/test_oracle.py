"""The fast chain against the slow oracle, on random days of any length."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from apps.settlement.settlements.rules.chain import NODES, DayOfChain, calculate, charge_codes
from apps.settlement.settlements.services.checking import invariants
from tests.settlement.settlements import oracle
from tests.settlement.settlements.chain_inputs import book
from tests.settlement.settlements.random_days import DAYS, SCS, draw, params

pytestmark = pytest.mark.brq("BRQ-1225", "BRQ-1230", "BRQ-1255", "BRQ-1260", "BRQ-1275")


def settled(world, day, rows=lambda frame: frame):
    found = {
        name: rows(part) if isinstance(part, pl.DataFrame) else part
        for name, part in book(world, day).items()
    }
    return calculate(list(NODES), found, DayOfChain(day, params(world)))


def lines(done):
    names = SCS
    found = {}
    for code in charge_codes():
        for row in done[code].iter_rows(named=True):
            resource = row["resource_id"] or 0
            key = (code, names[row["sc_id"]], resource)
            found[key] = found.get(key, 0) + row["amount"]
    return {key: cents for key, cents in found.items() if cents}


@pytest.mark.parametrize("seed", range(30))
def test_every_line_of_a_random_day_is_the_oracles(seed):
    random = Random(seed)
    day = DAYS[seed % len(DAYS)]
    world = draw(random, day)
    done = settled(world, day)
    told = oracle.Day(world).lines()
    assert len(told) > 20
    assert lines(done) == told
    assert [i.sentence for i in invariants(done) if not i.passed] == []


@pytest.mark.parametrize("minimum", ["EXCLUDED", "INCLUDED"])
@pytest.mark.parametrize("own", ["SCALED", "UNSCALED"])
@pytest.mark.parametrize("seed", range(4))
def test_every_reading_of_the_factor_is_the_oracles(seed, own, minimum):
    day = DAYS[seed % len(DAYS)]
    world = draw(Random(seed), day) | {"of_minimum_load": minimum, "of_self_schedule": own}
    assert lines(settled(world, day)) == oracle.Day(world).lines()


def test_the_readings_of_the_factor_differ():
    world = draw(Random(3), DAYS[0])
    told = {
        (minimum, own): str(
            oracle.Day(world | {"of_minimum_load": minimum, "of_self_schedule": own}).lines()
        )
        for minimum in ("EXCLUDED", "INCLUDED")
        for own in ("SCALED", "UNSCALED")
    }
    assert len(set(told.values())) == 4


def test_the_order_of_rows_changes_nothing():
    world = draw(Random(99), DAYS[0])
    forward = settled(world, DAYS[0])
    backward = settled(world, DAYS[0], rows=lambda frame: frame.reverse())
    assert lines(forward) == lines(backward)


@pytest.mark.parametrize("seed", range(5))
def test_more_price_pays_more_and_more_revenue_never_adds_to_the_net(seed):
    """Monotone: settlement rule book 13, identity 7."""
    world = draw(Random(seed), DAYS[0])
    before = {r.contract.resource_id: r.lines for r in settled(world, DAYS[0])["rmr"]}
    dearer = world | {"rmr": {r: (mw, p + 1, a) for r, (mw, p, a) in world["rmr"].items()}}
    for row in settled(dearer, DAYS[0])["rmr"]:
        assert -row.lines.cap > -before[row.contract.resource_id].cap
    richer = world | {"hours": [h | {"as_revenue": h["as_revenue"] + 500} for h in world["hours"]]}
    for row in settled(richer, DAYS[0])["rmr"]:
        assert row.lines.net <= before[row.contract.resource_id].net
