"""The insertion of a market's trade date: every RMR resource, every hour, what the ISO adds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from apps.bidding.bids import selectors
from apps.bidding.bids.models import Bid, BidHour, BidRow
from apps.bidding.bids.rules import (
    INSERTION_FLAG,
    Filled,
    Hour,
    Service,
    Step,
    Submitted,
    Unit,
    fill_bid,
    no_insertion_because,
    shortfall,
)
from apps.bidding.bids.services.submitting import steps_of
from apps.bidding.bids.terms import CERTIFIED, INSERTION, Market
from apps.bidding.costs.rules import market_close
from apps.bidding.costs.selectors import commitment_lines_of, deb_rows_of
from apps.bidding.costs.services import version_of
from apps.bidding.costs.terms import DAILY_COSTS
from apps.platform.kernel.quantity import MW, USD_PER_MWH
from apps.platform.kernel.rulebook import implements
from apps.platform.kernel.tradetime import TradeDay
from apps.platform.runs.hooks import Computed, Invariant, RunContext, TermInput
from apps.platform.runs.models import Run
from apps.platform.runs.rules import fingerprint
from apps.reference.masterfile.selectors import (
    ResourceOnFile,
    configurations_of,
    resources_on_file,
    version_known,
)
from apps.reference.masterfile.terms import CONFIGURATIONS
from apps.reference.outages.rules import Curtailment, largest_by_hour
from apps.reference.outages.selectors import cards_of_day, in_force
from apps.reference.resources.selectors import pmax_of
from apps.reliability.designations.selectors import vintages_on

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
SOURCE = list(ROW_COLUMNS).index("source") - 4  # of a row before whose and when it is


def market_of(kind_code: str) -> Market:
    """Return the market an insertion kind is of."""
    return next(m for m, code in INSERTION.items() if code == kind_code)


def cost_run(day: date, known_at: datetime) -> Run | None:
    """Return the costs of a trade date as sealed by a moment."""
    return (
        Run.objects.filter(kind=DAILY_COSTS, trade_date=day, sealed_at__lte=known_at)
        .order_by("-version")
        .first()
    )


@dataclass
class Day:
    """Everything an insertion reads, by resource."""

    market: Market
    day: date
    known_at: datetime
    flag: str
    vintage: dict[int, tuple[str, str | None]]
    on_file: dict[int, ResourceOnFile]
    pmax: dict[int, Decimal]
    configurations: dict[int, list[Any]]
    cost: dict[tuple[int, str], list[Step]]
    commitment: dict[int, list[Any]]
    certified: dict[int, list[tuple[str, Decimal]]]
    cards: dict[int, list[Any]]
    bids: dict[int, list[Bid]]
    closes: dict[int, datetime]


def _by_resource(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.resource_id, []).append(row)
    return found


def gather(context: RunContext) -> Day:
    """Read everything of the day at once."""
    market, day, known = market_of(context.run.kind), context.trade_date, context.known_at
    vintage = vintages_on(day, known)
    keys = set(vintage)
    run = cost_run(day, known)
    cost: dict[tuple[int, str], list[Step]] = {}
    for row in deb_rows_of(run, keys):
        cost.setdefault((row.resource_id or 0, row.config), []).append(
            Step(row.from_mw, row.to_mw, row.published)
        )
    return Day(
        market,
        day,
        known,
        context.params.at(INSERTION_FLAG, day),
        vintage,
        resources_on_file(version_known(day, known), keys),
        pmax_of(keys, day, known),
        _by_resource(configurations_of(version_of(CONFIGURATIONS.name, known), day, keys)),
        cost,
        _by_resource(commitment_lines_of(run, keys)),
        selectors.services_on(day, version_of(CERTIFIED.name, known)),
        _by_resource(cards_of_day(keys, day, known)),
        _by_resource(selectors.bids_of_day(market.value, day, known, keys)),
        {h: market_close(market, day, h, context.params) for h in TradeDay(day).hours},
    )


def terms_of(market: Market) -> Any:
    """Return what names the inputs of a market's insertion that are no whole dataset."""

    def terms(day: date, known_at: datetime) -> list[TermInput]:
        vintage = vintages_on(day, known_at)
        run = cost_run(day, known_at)
        version = version_known(day, known_at)
        bids = selectors.bids_of_day(market.value, day, known_at)
        cards = cards_of_day(vintage, day, known_at)
        return [
            TermInput("RMR contracts", [], fingerprint(sorted(vintage.items()))),
            TermInput(
                "Pmax",
                [],
                fingerprint(
                    sorted((k, str(v)) for k, v in pmax_of(set(vintage), day, known_at).items())
                ),
            ),
            TermInput(
                "Master File",
                [version.pk] if version else [],
                version.content_hash if version else "",
            ),
            TermInput("daily costs", [run.pk] if run else [], run.result_hash if run else ""),
            TermInput(
                "bids", [b.pk for b in bids], fingerprint((b.pk, str(b.withdrawn_at)) for b in bids)
            ),
            TermInput(
                "outage cards",
                [c.pk for c in cards],
                fingerprint((c.pk, str(c.cancelled_at)) for c in cards),
            ),
        ]

    return terms


@implements("BRQ-0260", "BRQ-0520", "BRQ-0523", source="BRS 1.2 sections 6.2.2 and 6.3.1")
def insert_bids(context: RunContext) -> Computed:
    """Fill the bids of every hour of a trade date; legacy resources pass as they bid.

    Bids and outages count as they stood at each hour's market close, or at the run's moment where
    the market is still open. 23, 24 or 25 hours, as the day has.
    """
    found = gather(context)
    hours: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    names = {k: r.code for k, r in found.on_file.items()}
    for key in sorted(found.vintage, key=lambda k: (names.get(k, ""), k)):
        _resource(found, key, hours, rows)
    hour_frame = pl.DataFrame(hours, schema=HOUR_COLUMNS, orient="row")
    row_frame = pl.DataFrame(rows, schema=ROW_COLUMNS, orient="row")
    writes = [
        (
            model,
            frame.with_row_index("line_no", offset=1).with_columns(
                pl.lit(found.day).alias("trade_date")
            ),
        )
        for model, frame in ((BidHour, hour_frame), (BidRow, row_frame))
    ]
    return Computed(
        writes=writes,
        totals={
            "hours": f"{hour_frame.height:,}",
            "hours with insertion": f"{hour_frame.filter(pl.col('inserted')).height:,}",
            "hours short": f"{hour_frame.filter(pl.col('shortfall_mw') > 0).height:,}",
            "rows of the ISO": f"{row_frame.filter(pl.col('source') == 'ISO').height:,}",
        },
        invariants=_invariants(found, hour_frame, row_frame),
    )


def _invariants(found: Day, hours: pl.DataFrame, rows: pl.DataFrame) -> list[Invariant]:
    count = TradeDay(found.day).hour_count
    whole = hours.height == count * len(found.vintage)
    legacy = [k for k, (v, _) in found.vintage.items() if v != "NEW"]
    touched = rows.filter((pl.col("source") == "ISO") & pl.col("resource_id").is_in(legacy))
    above = (
        rows.filter((pl.col("source") == "ISO") & (pl.col("product") == "ENERGY"))
        .join(hours, on=["resource_id", "hour_ending"])
        .filter(pl.col("to_mw") > pl.col("obligation_mw"))
    )
    return [
        Invariant(
            "every hour",
            whole,
            f"{hours.height} hours of {len(found.vintage)} resources on a day of {count} hours.",
        ),
        Invariant(
            "legacy untouched",
            touched.is_empty(),
            f"{touched.height} rows were inserted for legacy resources.",
        ),
        Invariant(
            "never above the obligation",
            above.is_empty(),
            f"{above.height} inserted steps end above the obligation.",
        ),
    ]


def _resource(found: Day, key: int, hours: list[Any], rows: list[Any]) -> None:
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
    found: Day, key: int, state: Hour, units: dict[str, Unit], given: dict[str, Bid]
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
    for config, done in filled.items():
        bid = given.get(config)
        rows += _bid_rows(config, done, bid)
        unit = units.get(config)
        due = unit is not None and not no_insertion_because(state, unit.pmin_mw)
        costs = _commitment(found.commitment.get(key, ()), config, bid, due=due)
        added |= done.inserted or any(row[SOURCE] == "ISO" for row in costs)
        rows += costs
    reasons = dict.fromkeys(d.reason for d in filled.values())
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


def _mw(value: Decimal) -> int:
    return MW.to_scaled(value)


def _units(found: Day, key: int, file: ResourceOnFile | None, pmax: Decimal) -> dict[str, Unit]:
    """Return what is bid: the resource, or each configuration of a multi-stage one."""
    listed = found.configurations.get(key, [])
    if not listed:
        return {"": Unit(file.pmin_mw if file else ZERO, pmax, found.cost.get((key, ""), []))}
    whole = found.cost.get((key, ""), [])
    return {
        c.config: Unit(c.pmin_mw, min(c.pmax_mw, pmax), found.cost.get((key, c.config), whole))
        for c in listed
    }


def _outages(found: Day, key: int) -> Any:
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


def _standing(found: Day, key: int, hour: int, moment: datetime) -> dict[str, Bid]:
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
