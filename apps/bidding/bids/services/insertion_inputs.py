"""What the insertion of a market's trade date reads, as known at its moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.bidding.bids import selectors
from apps.bidding.bids.codes import CERTIFIED, INSERTION, Market
from apps.bidding.bids.models import Bid
from apps.bidding.bids.rules import (
    INSERTION_FLAG,
    BidStep,
)
from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.rules import market_close
from apps.bidding.costs.selectors import commitment_lines_of, deb_rows_of
from apps.bidding.costs.services import version_of
from apps.platform.core.tradetime import TradeDay
from apps.platform.runs.hooks import DatedInput, RunContext
from apps.platform.runs.models import Run
from apps.platform.runs.rules import fingerprint
from apps.reference.masterfile.codes import CONFIGURATIONS
from apps.reference.masterfile.selectors import (
    ResourceOnFile,
    configurations_of,
    resources_on_file,
    version_known,
)
from apps.reference.outages.selectors import cards_of_day
from apps.reference.resources.selectors import pmax_of
from apps.reliability.designations.selectors import obligations_on, vintages_on


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
class InsertionInputs:
    """Everything an insertion reads, by resource."""

    market: Market
    day: date
    known_at: datetime
    flag: str
    vintage: dict[int, tuple[str, str | None]]
    on_file: dict[int, ResourceOnFile]
    pmax: dict[int, Decimal]
    owed: dict[int, Decimal]
    configurations: dict[int, list[Any]]
    cost: dict[tuple[int, str], list[BidStep]]
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


def gather(context: RunContext) -> InsertionInputs:
    """Read everything of the day at once."""
    market, day, known = market_of(context.run.kind), context.trade_date, context.known_at
    vintage = vintages_on(day, known)
    keys = set(vintage)
    run = cost_run(day, known)
    cost: dict[tuple[int, str], list[BidStep]] = {}
    for row in deb_rows_of(run, keys):
        cost.setdefault((row.resource_id or 0, row.config), []).append(
            BidStep(row.from_mw, row.to_mw, row.published)
        )
    return InsertionInputs(
        market,
        day,
        known,
        context.params.at(INSERTION_FLAG, day),
        vintage,
        resources_on_file(version_known(day, known), keys),
        pmax_of(keys, day, known),
        obligations_on(day, known),
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

    def terms(day: date, known_at: datetime) -> list[DatedInput]:
        vintage = vintages_on(day, known_at)
        run = cost_run(day, known_at)
        version = version_known(day, known_at)
        bids = selectors.bids_of_day(market.value, day, known_at)
        cards = cards_of_day(vintage, day, known_at)
        owed = sorted((k, str(v)) for k, v in obligations_on(day, known_at).items())
        pmax = sorted((k, str(v)) for k, v in pmax_of(set(vintage), day, known_at).items())
        return [
            DatedInput("RMR contracts", sorted(vintage), fingerprint(sorted(vintage.items()))),
            DatedInput("RMR capacity", [key for key, _ in owed], fingerprint(owed)),
            DatedInput("Pmax", [key for key, _ in pmax], fingerprint(pmax)),
            DatedInput(
                "Master File",
                [version.pk] if version else [],
                version.content_hash if version else "",
            ),
            DatedInput("daily costs", [run.pk] if run else [], run.result_hash if run else ""),
            DatedInput(
                "bids", [b.pk for b in bids], fingerprint((b.pk, str(b.withdrawn_at)) for b in bids)
            ),
            DatedInput(
                "outage cards",
                [c.pk for c in cards],
                fingerprint((c.pk, str(c.cancelled_at)) for c in cards),
            ),
        ]

    return terms
