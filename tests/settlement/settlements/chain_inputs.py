"""A random day as the fast chain reads it: whole steps in columns."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from datetime import date
from decimal import Decimal

import polars as pl

from apps.bidding.costs.codes import AdderKind
from apps.bidding.costs.rules import Configuration, adder_book, evaluate_transitions
from apps.reference.market.models import Commitment, ResourceHour, ResourceInterval, ResourceQuarter
from apps.reference.market.selectors import _type
from apps.settlement.cost_recovery.rules import Claim
from apps.settlement.settlements.rules import CapacityRow, ContractDay, Load
from apps.settlement.settlements.rules.dispatch_shares import DispatchShares
from apps.settlement.settlements.rules.holds import HeldResults
from apps.settlement.settlements.services.inputs import BASIS, LEVEL, PLACE, ResourcesOfDay
from tests.settlement.settlements.oracle import F
from tests.settlement.settlements.random_days import SCS, steps


def frame(model, rows):
    kept = [
        f.column
        for f in model._meta.concrete_fields
        if f.column not in (None, "dataset_version_id", "trade_date", "source")
    ]
    return pl.DataFrame(rows, schema={n: _type(model, n) for n in kept}).sort(
        "resource_id", "line_no"
    )


def exact(value):
    return None if value is None else Decimal(value.numerator) / value.denominator


def adders(world, places):
    """Return dollars by resource, cost and place, as settlement gathers them from what is held."""
    found = defaultdict(F)
    for (r, event), value in world["mma"].items():
        found[r, places[event], "", ""] += value
    one = namedtuple("one", "resource_id config mma_startup mma_min_load")
    way = namedtuple("way", "resource_id from_config to_config oc_transition")
    held = {key: exact(value) for key, value in world["on_file"].items()}
    known = adder_book(
        {key: exact(value) for key, value in world["approved"].items()},
        [
            one(r, c, held[r, "MMA_START_UP", c, ""], held[r, "MMA_MIN_LOAD", c, ""])
            for r in world["staged"]
            for c in "AB"
        ],
        [way(r, "A", "B", held[r, "OC_TRANSITION", "A", "B"]) for r in world["staged"]],
        (),
    )
    for adder in known.all():
        r, kind, config, to = adder.key
        found[r, kind.partition("_")[2], config, to] += F(adder.amount)
    for r in world["staged"]:
        ends = {
            c: Configuration(c, Decimal(mw), known.amount(r, AdderKind.MMA_START_UP, c))
            for c, mw in (("A", 50), ("B", 90))
        }
        (done,), _ = evaluate_transitions(ends, [("A", "B")])
        found[r, "TRANSITION", "A", "B"] += F(done.mma_transition or 0)
    return found


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
                        "from_config": e.get("from", ""),
                        "config": e.get("config", ""),
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
                [(*place, steps(v, 6)) for place, v in adders(world, places).items()],
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
        "resources": ResourcesOfDay(
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
        "ed_shares": DispatchShares(),
        "cpm": [],
        "penalties": [],
        "holds": HeldResults(),
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
