"""Random trade dates of every length, with all that a day is settled from."""

from __future__ import annotations

from datetime import date
from random import Random

from apps.platform.core.effective import ParameterSet, Value
from apps.platform.core.tradetime import Span, TradeDay
from tests.settlement.settlements.oracle import F

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


def params(world):
    span = Span(date(2000, 1, 1))
    values = SETTINGS | {
        "recovery.rule": world["reading"],
        "settlements.meaf_minimum_load": world["of_minimum_load"],
        "settlements.meaf_self_schedule": world["of_self_schedule"],
    }
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
    world["of_minimum_load"] = random.choice(["EXCLUDED", "INCLUDED"])
    world["of_self_schedule"] = random.choice(["SCALED", "UNSCALED"])
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
    return world | stages(random, world, (resources[0], resources[1], resources[4]), some)


def stages(random, world, resources, some):
    """Return adders of multi-stage resources, approved and on file, and events of their stages."""
    approved, on_file, happened = {}, {}, list(world["events"])
    places = [("MMA_START_UP", c, "") for c in "AB"] + [("MMA_MIN_LOAD", c, "") for c in "AB"]
    for r in resources:
        for kind, config, to in [*places, ("OC_TRANSITION", "A", "B")]:
            on_file[r, kind, config, to] = random.choice([None, F(0), some(0, 5000, 2)])
            if random.random() < 0.3:
                approved[r, kind, config, to] = random.choice([F(0), some(0, 5000, 2)])
        for kind in ("MMA_MIN_LOAD", "OC_MIN_LOAD"):
            if random.random() < 0.3:
                approved[r, kind, "", ""] = some(0, 90, 2)
        for market in ("IFM", "RUC", "RTM"):
            for event, source, config in (
                ("START", "", "A"),
                ("RUN", "", "A"),
                ("TRANSITION", "A", "B"),
                ("RUN", "", "B"),
            ):
                happened.append(
                    {
                        "r": r,
                        "market": market,
                        "event": event,
                        "he": 5,
                        "n": random.randint(1, 90),
                        "by": random.choice(["ISO", "ISO", "SELF", "ED"]),
                        "qualified": random.choice("YYYN"),
                        "cost": some(0, 9000, 2),
                        "from": source,
                        "config": config,
                    }
                )
    return {"approved": approved, "on_file": on_file, "staged": resources, "events": happened}


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
