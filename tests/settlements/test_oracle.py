"""The fast chain against the slow oracle, on random days of any length."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import polars as pl
import pytest

from apps.platform.kernel.effective import ParameterSet, Value
from apps.platform.kernel.tradetime import Span, TradeDay
from apps.reference.market.models import Commitment, ResourceHour, ResourceInterval, ResourceQuarter
from apps.reference.market.selectors import _type
from apps.settlement.recovery.rules import Claim
from apps.settlement.settlements.rules import CapacityRow, ContractDay, Load
from apps.settlement.settlements.rules.chain import NODES, Day, calculate, charge_codes
from apps.settlement.settlements.rules.holds import Held
from apps.settlement.settlements.services.checking import invariants
from apps.settlement.settlements.services.gathering import BASIS, LEVEL, PLACE, Resources
from tests.settlements import oracle
from tests.settlements.oracle import F

pytestmark = pytest.mark.brq("BRQ-1225", "BRQ-1230", "BRQ-1255", "BRQ-1260", "BRQ-1275")
DAYS = [date(2025, 10, 8), date(2025, 3, 9), date(2025, 11, 2)]
SETTINGS = {
    "rmr.new_tariff_cutoff": "2018-09-01",
    "settlements.capacity_mw_basis": "MAX",
    "settlements.allocation_step": "ONE_STEP",
    "settlements.tolerance_mw": "5",
    "settlements.tolerance_share": "0.03",
    "settlements.raaim_upper_bound": "0.985",
    "settlements.raaim_rate_cap": "3",
    "settlements.raaim_carryover": "YEAR",
    "settlements.raaim_from": "1998-01-01",
    "availability.lower_bound": "0.945",
    "availability.raaim_price": "3.79",
}
SCS = {1: "SC_A", 2: "SC_B", 3: "SC_C"}


def params(reading="LITERAL"):
    span = Span(date(2000, 1, 1))
    values = SETTINGS | {"recovery.rule": reading}
    return ParameterSet({k: [Value(k, v, span, "test", 1)] for k, v in values.items()})


def steps(value, places):
    scaled = value * 10**places
    assert scaled.denominator == 1
    return int(scaled)


def draw(random: Random, day: date):
    """Return a random world: rows of plain fractions that every input can hold."""

    def some(low, high, places):
        return F(random.randint(low * 10**places, high * 10**places), 10**places)

    resources = list(range(11, 17))
    hours = random.sample(range(1, TradeDay(day).hour_count + 1), 3)
    world = {
        "pmax": {r: some(20, 400, 2) for r in resources},
        "scs": {r: random.choice(list(SCS.values())) for r in resources},
        "oc": {r: some(0, 9, 2) for r in resources if random.random() < 0.6},
        "mma": {
            (r, e): some(0, 3000, 2)
            for r in resources
            for e in ("START", "RUN")
            if random.random() < 0.6
        },
        "rmr": {
            r: (
                some(10, 300, 2),
                some(50, 400, 4),
                random.choice([{"T1": F(1)}, {"T1": F(3), "T2": F(2)}]),
            )
            for r in resources[:3]
        },
        "load": {(sc, tac): some(1, 90000, 4) for sc in SCS.values() for tac in ("T1", "T2")},
        "events": [],
        "hours": [],
        "quarters": [],
        "intervals": [],
        "reading": random.choice(["LITERAL", "UNCOVERED"]),
        "bids": {
            r: [(some(10, 90, 2), some(5, 60, 4)), (some(100, 400, 2), some(5, 99, 4))]
            for r in resources[:3]
        },
        "claims": [claim(random, r, n, some) for r in resources[:3] for n in range(1, 4)],
    }
    for r in resources:
        world["events"] += events(random, r, hours[0], some)
        for he in hours:
            world["hours"].append(hour(random, r, he, some))
            if random.random() < 0.5:
                world["quarters"] += [
                    {
                        "r": r,
                        "he": he,
                        "q": q,
                        "mwh": some(-20, 40, 3),
                        "bid": some(-900, 900, 2),
                        "lmp": some(-20, 250, 5),
                    }
                    for q in range(1, 5)
                ]
            if random.random() < 0.7:
                world["intervals"] += [interval(random, r, he, i, some) for i in range(1, 13)]
    return world


def claim(random, r, number, some):
    """Return an approved cost: two of a request are settled as one line."""
    first = random.randint(1, 12)
    return {
        "request": r * 10 + number // 2,
        "item": number,
        "r": r,
        "kind": random.choice(["GAS", "GAS", "REPAIR"]),
        "first": first,
        "last": random.randint(first, 25),
        "usd": some(1, 20000, 2),
        "basis": random.choice([None, some(0, 99, 4)]),
    }


def events(random, r, he, some):
    return [
        {
            "r": r,
            "market": market,
            "event": event,
            "he": he,
            "n": random.randint(1, 250),
            "by": random.choice(["ISO", "ISO", "SELF", "ED"]),
            "qualified": random.choice("YYYN"),
            "cost": some(0, 9000, 2),
        }
        for market in ("IFM", "RUC", "RTM")
        for event in ("START", "RUN")
        if random.random() < 0.5
    ]


def hour(random, r, he, some):
    da = some(0, 300, 2)
    own = random.choice([F(0), F(0), F(da // 2)])
    return {
        "r": r,
        "he": he,
        "da": da,
        "own": own,
        "minimum": some(0, 60, 2),
        "bid": some(0, 9000, 2),
        "own_cost": own * 30,
        "lmp": some(-20, 250, 5),
        "as_revenue": some(0, 90, 2),
        "as_bid": some(0, 20, 2),
        "ruc": some(0, 50, 2),
        "ruc_price": some(0, 9, 2),
        "ruc_bid": some(0, 9, 2),
    }


def interval(random, r, he, i, some):
    return {
        "r": r,
        "he": he,
        "i": i,
        "expected": some(-1, 25, 3),
        "metered": some(-1, 25, 3),
        "reg": some(0, 1, 3),
        "minimum": some(0, 5, 3),
        "mwh": some(-3, 3, 3),
        "bid": some(-90, 90, 2),
        "lmp": some(-20, 250, 5),
        "ed": random.choice([F(0), F(0), some(-9, 9, 2)]),
        "ref": some(0, 200, 2),
        "type": random.choice(["SYSEMR", "TMODEL"]),
    }


def frame(model, rows):
    kept = [
        f.column
        for f in model._meta.concrete_fields
        if f.column not in (None, "dataset_version_id", "trade_date", "source")
    ]
    return pl.DataFrame(rows, schema={n: _type(model, n) for n in kept}).sort(
        "resource_id", "line_no"
    )


def book(world, day):
    """Return the world as the chain reads it: whole steps in columns."""
    codes = {code: key for key, code in SCS.items()}
    places = {"START": "START_UP", "RUN": "MIN_LOAD"}

    def numbered(rows):
        return [row | {"line_no": n} for n, row in enumerate(rows, 1)]

    return {
        "commitments": frame(
            Commitment,
            numbered(
                [
                    {
                        "resource_id": e["r"],
                        "hour_ending": e["he"],
                        "market": e["market"],
                        "event": e["event"],
                        "interval": 1,
                        "intervals": e["n"],
                        "committed": e["by"],
                        "from_config": "",
                        "config": "",
                        "qualified": e["qualified"],
                        "cost": steps(e["cost"], 6),
                    }
                    for e in world["events"]
                ]
            ),
        ),
        "hours": frame(
            ResourceHour,
            numbered(
                [
                    {
                        "resource_id": h["r"],
                        "hour_ending": h["he"],
                        "da_mwh": steps(h["da"], 4),
                        "self_mwh": steps(h["own"], 4),
                        "min_load_mwh": steps(h["minimum"], 4),
                        "bid_cost": steps(h["bid"], 6),
                        "self_cost": steps(h["own_cost"], 6),
                        "da_lmp": steps(h["lmp"], 6),
                        "as_revenue": steps(h["as_revenue"], 6),
                        "as_bid_cost": steps(h["as_bid"], 6),
                        "ruc_mw": steps(h["ruc"], 4),
                        "ruc_price": steps(h["ruc_price"], 6),
                        "ruc_bid": steps(h["ruc_bid"], 6),
                    }
                    for h in world["hours"]
                ]
            ),
        ),
        "quarters": frame(
            ResourceQuarter,
            numbered(
                [
                    {
                        "resource_id": q["r"],
                        "hour_ending": q["he"],
                        "quarter": q["q"],
                        "fmm_mwh": steps(q["mwh"], 4),
                        "bid_cost": steps(q["bid"], 6),
                        "fmm_lmp": steps(q["lmp"], 6),
                        "as_revenue": 0,
                        "as_bid_cost": 0,
                    }
                    for q in world["quarters"]
                ]
            ),
        ),
        "intervals": frame(
            ResourceInterval,
            numbered(
                [
                    {
                        "resource_id": i["r"],
                        "hour_ending": i["he"],
                        "interval": i["i"],
                        "expected_mwh": steps(i["expected"], 4),
                        "metered_mwh": steps(i["metered"], 4),
                        "regulation_mwh": steps(i["reg"], 4),
                        "min_load_mwh": steps(i["minimum"], 4),
                        "rtd_mwh": steps(i["mwh"], 4),
                        "bid_cost": steps(i["bid"], 6),
                        "rtd_lmp": steps(i["lmp"], 6),
                        "ed_mwh": steps(i["ed"], 4),
                        "ed_reference": steps(i["ref"], 6),
                        "ed_type": i["type"],
                    }
                    for i in world["intervals"]
                ]
            ),
        ),
        "costs": {
            "proxy": pl.DataFrame(schema=PLACE),
            "approved": pl.DataFrame(schema=LEVEL),
            "adders": pl.DataFrame(
                [(r, places[e], "", "", steps(v, 6)) for (r, e), v in world["mma"].items()],
                schema=PLACE,
                orient="row",
            ),
            "basis": pl.DataFrame(
                [
                    (r, steps(to, 4), steps(p, 6))
                    for r, rows in world["bids"].items()
                    for to, p in rows
                ],
                schema=BASIS,
                orient="row",
            ),
            "energy": pl.DataFrame(
                [(r, steps(v, 6)) for r, v in world["oc"].items()],
                schema={"resource_id": pl.Int64, "oc_energy": pl.Int64},
                orient="row",
            ),
        },
        "demand": Load(
            {k: steps(v, 4) for k, v in world["load"].items()}, codes, {"T1": 1, "T2": 2}
        ),
        "resources": Resources(
            {r: codes[sc] for r, sc in world["scs"].items()},
            {r: steps(v, 4) for r, v in world["pmax"].items()},
        ),
        "contracts": [
            ContractDay(
                str(r),
                date(2020, 1, 1),
                Decimal(price.numerator) / price.denominator,
                [
                    CapacityRow(
                        tac,
                        "GENERIC",
                        Decimal(int(mw * 100)) / 100 * int(part) / int(sum(areas.values())),
                    )
                    for tac, part in areas.items()
                ],
                world["scs"][r],
                f"C{r}",
                "LOCAL",
                r,
                codes[world["scs"][r]],
            )
            for r, (mw, price, areas) in world["rmr"].items()
        ],
        "availability": None,
        "month_demand": None,
        "cpm": [],
        "penalties": [],
        "holds": Held(),
        "recoveries": [
            Claim(
                c["request"],
                c["item"],
                c["kind"],
                c["r"],
                c["first"],
                c["last"],
                steps(c["usd"], 2),
                c["basis"],
            )
            for c in world["claims"]
        ],
    }


def settled(world, day, rows=lambda frame: frame):
    found = {
        name: rows(part) if isinstance(part, pl.DataFrame) else part
        for name, part in book(world, day).items()
    }
    return calculate(list(NODES), found, Day(day, params(world["reading"])))


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
