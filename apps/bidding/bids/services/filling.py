"""Fill the hours of one resource: what its SC bid, and what the ISO inserts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from apps.bidding.bids import selectors
from apps.bidding.bids.models import Bid
from apps.bidding.bids.rules import (
    Filled,
    Hour,
    Service,
    Submitted,
    Unit,
    fill_bid,
    no_insertion_because,
    shortfall,
)
from apps.bidding.bids.services.insertion_inputs import InsertionInputs
from apps.bidding.bids.services.submitting import steps_of
from apps.platform.core.quantity import MW, USD_PER_MWH
from apps.platform.core.rulebook import implements
from apps.reference.masterfile.selectors import (
    ResourceOnFile,
)
from apps.reference.outages.rules import Curtailment, largest_by_hour
from apps.reference.outages.selectors import in_force

ZERO = Decimal(0)
HOUR_COLUMNS = {
    "resource_id": pl.Int64,
    "unit": pl.String,
    "market": pl.String,
    "hour_ending": pl.Int64,
    "vintage": pl.String,
    "moo": pl.String,
    "pmax_mw": pl.Int64,
    "outage_mw": pl.Int64,
    "obligation_mw": pl.Int64,
    "offered_mw": pl.Int64,
    "shortfall_mw": pl.Int64,
    "inserted": pl.Boolean,
    "closed": pl.Boolean,
    "reason": pl.String,
}
ROW_COLUMNS = {
    "resource_id": pl.Int64,
    "unit": pl.String,
    "market": pl.String,
    "hour_ending": pl.Int64,
    "config": pl.String,
    "to_config": pl.String,
    "product": pl.String,
    "from_mw": pl.Int64,
    "to_mw": pl.Int64,
    "price": pl.Int64,
    "source": pl.String,
    "bid_id": pl.Int64,
}
PRODUCT = list(ROW_COLUMNS).index("product") - 4
SOURCE = list(ROW_COLUMNS).index("source") - 4  # of a row before whose and when it is


def fill_resource(found: InsertionInputs, key: int, hours: list[Any], rows: list[Any]) -> None:
    """Add the hours of one resource and the rows of its bids, each hour as at its close."""
    file = found.on_file.get(key)
    vintage = found.vintage[key][0]
    code = file.code if file else ""
    limited = file is not None and (file.use_limited or file.conditionally_available)
    moo = (file.moo_qualified or "") if file else ""
    pmax = found.pmax.get(key, file.pmax_mw if file else ZERO)
    outages = _outages(found, key)
    units = _units(found, key, file, pmax)
    alike: dict[Any, tuple[tuple[Any, ...], list[Any]]] = {}
    for hour, close in found.closes.items():
        moment = min(found.known_at, close)
        state = Hour(
            vintage=vintage,
            moo="N" if limited else moo,
            flag=found.flag,
            market=found.market,
            pmax_mw=pmax,
            outage_mw=min(outages(hour, moment), pmax),
            owed_mw=found.owed.get(key),
        )
        given = _standing(found, key, hour, moment)
        same = (state.outage_mw, *((config, bid.pk) for config, bid in given.items()))
        if same not in alike:  # hours with the same outage and bids are filled alike
            alike[same] = _filled(found, key, state, units, given)
        said, bid_rows = alike[same]
        head = (key, code, found.market.value, hour)
        hours.append((*head, *said[:-1], found.known_at >= close, said[-1]))
        rows += [(*head, *row) for row in bid_rows]


def _filled(
    found: InsertionInputs, key: int, state: Hour, units: dict[str, Unit], given: dict[str, Bid]
) -> tuple[tuple[Any, ...], list[Any]]:
    """Return what is said of an hour, and its rows without whose and when they are."""
    certified = found.certified.get(key, ())
    filled = {
        config: fill_bid(state, unit, _submitted(given.get(config)), certified)
        for config, unit in units.items()
    }
    for config in given.keys() - units.keys():  # bid for what is no longer on file
        filled[config] = Filled(
            tuple(_submitted(given[config]).energy), None, (), ZERO, "Unknown configuration."
        )
    offered = max((_submitted(b).offered_mw for b in given.values()), default=ZERO)
    added = False
    rows: list[Any] = []
    uncosted: list[str] = []
    for config, done in filled.items():
        bid = given.get(config)
        rows += _bid_rows(config, done, bid)
        unit = units.get(config)
        due = unit is not None and not no_insertion_because(state, unit.pmin_mw)
        costs = _commitment(found.commitment.get(key, ()), config, bid, due=due)
        added |= done.inserted or any(row[SOURCE] == "ISO" for row in costs)
        rows += costs
        if due:
            uncosted += _uncosted(found, key, config, costs)
    reasons = dict.fromkeys([*(d.reason for d in filled.values()), *uncosted])
    said = (
        state.vintage,
        state.moo,
        _mw(state.pmax_mw),
        _mw(state.outage_mw),
        _mw(state.obligation_mw),
        _mw(offered),
        _mw(shortfall(state, offered)),
        added,
        " ".join(reasons)[:400],
    )
    return said, rows


@implements("BRQ-0523", source="BRS 1.2 section 6.3.1")
def _uncosted(
    found: InsertionInputs, key: int, config: str, costs: Iterable[tuple[Any, ...]]
) -> list[str]:
    """Return a sentence for each commitment cost that nobody bid and nobody could calculate."""
    held = {row[PRODUCT] for row in costs}
    starts = {c.config for c in found.configurations.get(key, []) if c.startup == "Y"} or {""}
    wanted = {"START_UP": "start-up", "MIN_LOAD": "minimum load"}
    return [
        f"No {words} cost {f'of {config} ' if config else ''}inserted: none is calculated, see the "
        "violations of the daily costs."
        for product, words in wanted.items()
        if product not in held and (product != "START_UP" or config in starts)
    ]


def _mw(value: Decimal) -> int:
    return MW.to_scaled(value)


def _units(
    found: InsertionInputs, key: int, file: ResourceOnFile | None, pmax: Decimal
) -> dict[str, Unit]:
    """Return what is bid: the resource, or each configuration of a multi-stage one."""
    listed = found.configurations.get(key, [])
    if not listed:
        return {"": Unit(file.pmin_mw if file else ZERO, pmax, found.cost.get((key, ""), []))}
    whole = found.cost.get((key, ""), [])
    return {
        c.config: Unit(c.pmin_mw, min(c.pmax_mw, pmax), found.cost.get((key, c.config), whole))
        for c in listed
    }


def _outages(found: InsertionInputs, key: int) -> Any:
    """Return MW out by hour as it was on file at a moment; read anew only where cards changed."""
    cards = found.cards.get(key, [])
    known: dict[tuple[int, ...], dict[int, Decimal]] = {}

    def out(hour: int, moment: datetime) -> Decimal:
        here = [c for c in cards if in_force(c, moment)]
        name = tuple(c.pk for c in here)
        if name not in known:
            known[name] = largest_by_hour(
                [Curtailment(c.curtailed_mw, c.starts_at, c.ends_at) for c in here], found.day
            )
        return known[name].get(hour, ZERO)

    return out


def _standing(found: InsertionInputs, key: int, hour: int, moment: datetime) -> dict[str, Bid]:
    """Return the SC's bid of each configuration that stood at a moment: the newest of the hour."""
    given = {}
    for bid in found.bids.get(key, []):
        if bid.first_hour <= hour <= bid.last_hour and selectors.stands(bid, moment):
            given[bid.config] = bid
    return given


def _submitted(bid: Bid | None) -> Submitted:
    if bid is None:
        return Submitted()
    return Submitted(
        steps_of(bid.energy)[0],
        bid.ruc_mw,
        [
            Service(s["product"], Decimal(s["mw"]), Decimal(str(s.get("usd_mw", "0"))))
            for s in bid.services
        ],
        bid.self_schedule_mw or ZERO,
    )


def _bid_rows(config: str, done: Filled, bid: Bid | None) -> list[tuple[Any, ...]]:
    own = bid.pk if bid is not None else None

    def row(
        product: str, low: Decimal | None, high: Decimal | None, price: Decimal, source: str
    ) -> tuple[Any, ...]:
        return (
            config,
            "",
            product,
            None if low is None else _mw(low),
            None if high is None else _mw(high),
            USD_PER_MWH.to_scaled(price),
            source,
            own if source == "SC" else None,
        )

    rows = [row("ENERGY", s.from_mw, s.to_mw, s.price, s.source) for s in done.energy]
    if bid is not None and bid.self_schedule_mw is not None:
        rows.append(row("SELF_SCHED", None, bid.self_schedule_mw, ZERO, "SC"))
    if done.ruc is not None:
        rows.append(row("RUC", None, done.ruc[0], ZERO, done.ruc[1]))
    rows += [row(s.product, None, s.mw, s.price, s.source) for s in done.services]
    return rows


def _commitment(
    proxy: Iterable[Any], config: str, bid: Bid | None, *, due: bool
) -> list[tuple[Any, ...]]:
    """Return commitment costs: the SC's where bid, else proxy cost where insertion is due."""
    own: dict[tuple[str, str], Decimal] = {}
    if bid is not None:
        if bid.startup is not None:
            own["START_UP", ""] = bid.startup
        if bid.min_load is not None:
            own["MIN_LOAD", ""] = bid.min_load
        own |= {("TRANSITION", t["to"]): Decimal(t["usd"]) for t in bid.transitions}
    rows = [
        (config, to, kind, None, None, USD_PER_MWH.to_scaled(amount), "SC", bid.pk if bid else None)
        for (kind, to), amount in own.items()
    ]
    if due:
        rows += [
            (
                config,
                line.to_config,
                line.cost_type,
                None,
                None,
                USD_PER_MWH.to_scaled(line.amount),
                "ISO",
                None,
            )
            for line in proxy
            if line.config == config and (line.cost_type, line.to_config) not in own
        ]
    return rows
