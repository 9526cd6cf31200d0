"""What a trade date lacks before it can be settled whole: daily costs, measured availability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from apps.adequacy.availability.codes import DAILY as AVAILABILITY_RUN
from apps.adequacy.availability.services import MonthStanding, standing_by_month
from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.selectors import granted_levels, proxy_costs, sealed_run
from apps.platform.accounts.models import User
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span, first_of_month, last_of_month
from apps.platform.parameters.selectors import parameter_set
from apps.platform.runs import services as run_services
from apps.platform.runs.hooks import RUN_KINDS, DatedInput, Hold
from apps.platform.runs.models import Run
from apps.platform.runs.rules import fingerprint
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import RESULT_DATASETS
from apps.reference.market.selectors import result_frame
from apps.reference.resources.codes import Vintage
from apps.reference.resources.selectors import resource_codes, sc_of
from apps.reliability.designations.selectors import vintages_on
from apps.settlement.settlements.rules.holds import CostNeed, cost_needs
from apps.settlement.settlements.rules.legacy_uplift import (
    dispatched_hours,
    twelfths_outside,
    without_uplift,
)
from apps.settlement.settlements.rules.parameters import RAAIM_CARRYOVER, RAAIM_FROM
from apps.settlement.settlements.rules.raaim import months_in_the_pool

COMMITMENTS, INTERVALS = RESULT_DATASETS[0].name, RESULT_DATASETS[3].name
HOLDS = "missing or outdated inputs"
WORDS = {"START_UP": "start-up", "MIN_LOAD": "minimum load", "TRANSITION": "transition"}
MOST_SPANS = 4
MOST_REASONS = 3
GRANTED = {
    "request": pl.Int64,
    "resource_id": pl.Int64,
    "horizon": pl.String,
    "cost_type": pl.String,
    "of_config": pl.String,
    "first_hour": pl.Int64,
    "last_hour": pl.Int64,
}


@implements("BRQ-1206", "BRQ-1215", "BRQ-1255", source="settlement rule book 15, decision G36")
def holds_on(day: date, known_at: datetime) -> list[Hold]:
    """Return what of a trade date is held, as known at a moment: costs, and RAAIM at a month's end.

    A month's end asks every month whose carry it takes. A pure function of day and moment, so that
    a run keeps what it was requested with.
    """
    found = _costs_held(day, known_at)
    return found + (_months_held(day, known_at) if day == last_of_month(day) else [])


def holds_input(holds: list[Hold]) -> list[DatedInput]:
    """Return the line of a manifest that names what is held; none where nothing is."""
    if not holds:
        return []
    return [
        DatedInput(
            HOLDS, sorted({h.resource_id for h in holds}), fingerprint(h.as_dict() for h in holds)
        )
    ]


def _costs_held(day: date, known_at: datetime) -> list[Hold]:
    needs = _needs(day, known_at)
    if not needs:
        return []
    run = sealed_run(DAILY_COSTS, day, known_at)
    codes = resource_codes({n.resource_id for n in needs})
    moved = run_services.what_moved_on(run, known_at) if run else []
    if run is None or moved:
        code, why = _why(run, day, moved)
        return [
            Hold(
                code,
                n.resource_id,
                codes[n.resource_id],
                f"{codes[n.resource_id]}: {why}; {_takes(n)}.",
                DAILY_COSTS,
                (day,),
            )
            for n in needs
        ]
    known = {(key, cost, config, to) for key, cost, config, to, _ in proxy_costs(run)}
    found = []
    for need in needs:
        bare = [p for p in need.proxy if (need.resource_id, *p) not in known]
        if bare:
            unit = codes[need.resource_id]
            said = f"{unit}: the costs of {day} hold no proxy cost of {_places(bare)}; a file of "
            said += "commitment cost inputs, or a cost in the file of commitments, gives it."
            found.append(Hold("COSTS-NO-PROXY", need.resource_id, unit, said))
    return found


def _why(run: Run | None, day: date, moved: list[str]) -> tuple[str, str]:
    if run is None:
        return "COSTS-MISSING", f"the costs of {day} are not calculated"
    return "COSTS-OUTDATED", (
        f"the costs of {day} (v{run.version}) are outdated, {', '.join(moved)} changed since"
    )


def _takes(need: CostNeed) -> str:
    parts = []
    if need.proxy:
        parts.append(f"its proxy cost of {_places(need.proxy)}")
    if need.mma:
        parts.append("the MMA of its transitions")
    return " and ".join(parts) + (" is" if len(parts) == 1 else " are") + " taken from them"


def _places(places: Iterable[tuple[str, str, str]]) -> str:
    said = [
        f"{WORDS[cost]} {config}{f' to {to}' if to else ''}".strip() for cost, config, to in places
    ]
    return ", ".join(said[:MOST_SPANS]) + (" and others" if len(said) > MOST_SPANS else "")


def _needs(day: date, known_at: datetime) -> list[CostNeed]:
    versions = versions_known_at(COMMITMENTS, known_at, days=[day])
    if not versions:
        return []
    frame = result_frame(COMMITMENTS, versions[0])
    levels = [
        (r.pk, r.resource_id, r.market, r.cost_type, r.config, r.first_hour, r.last_hour)
        for r in granted_levels(day, known_at)
        if r.cost_type != "ENERGY" and r.approved is not None
    ]
    vintages = vintages_on(day, known_at)
    reliability = {key for key, (vintage, _) in vintages.items() if vintage != Vintage.LEGACY}
    legacy = {k: condition or "" for k, (v, condition) in vintages.items() if v == Vintage.LEGACY}
    concerned = {a.resource_id for a in sc_of(day, known_at)} - without_uplift(legacy)
    if set(legacy) & set(frame["resource_id"]):
        found = versions_known_at(INTERVALS, known_at, days=[day])
        hours = dispatched_hours(result_frame(INTERVALS, found[0] if found else None), legacy)
        counted = twelfths_outside(frame, hours).filter(pl.col("twelfths") > 0)
        frame = frame.filter(pl.col("line_no").is_in(counted["line_no"].to_list()))
    granted = pl.DataFrame(levels, schema=GRANTED, orient="row")
    return cost_needs(frame, granted, reliability, concerned)


def _months_held(day: date, known_at: datetime) -> list[Hold]:
    """Return RAAIM that is held in the month of a day and in those whose carry it takes, in order.

    *Interpretation*: an earlier month of the year that is held holds this one too, also where it
    was published over its holds: the reason given there does not speak for what is carried here.
    """
    own, first = first_of_month(day), _pool_begins(day, known_at)
    return [
        Hold(
            "AVAILABILITY-OUTDATED" if not row.missing else "AVAILABILITY-MISSING",
            row.resource_id,
            row.unit,
            _month_words(row, month, carried=month != own),
            AVAILABILITY_RUN,
            tuple(row.to_measure),
            {
                "month": {
                    "month": str(month),
                    "ra_type": row.ra_type,
                    "source": row.source,
                    "sc_id": row.sc_id,
                    "assessed": row.assessed,
                    "measured": len(row.measured),
                }
            },
        )
        for month, rows in standing_by_month(Span.through(first, day), known_at)
        for row in rows
        if row.to_measure
    ]


def _pool_begins(day: date, known_at: datetime) -> date:
    """Return the first month whose carry a month's end takes; January where the rule is unknown."""
    params = parameter_set(
        parameters=(RAAIM_CARRYOVER, RAAIM_FROM), span=Span.through(day, day), known_at=known_at
    )
    try:
        carries, begins = params.at(RAAIM_CARRYOVER, day) == "YEAR", params.at(RAAIM_FROM, day)
    except ParameterMissing:
        return day.replace(month=1, day=1)
    return months_in_the_pool(day, carries=carries, begins=begins)[0]


def _month_words(row: MonthStanding, month: date, *, carried: bool) -> str:
    said = f"{row.unit} {row.ra_type} in {month:%Y-%m}"
    said += ", whose pool is carried on" if carried else ""
    said += f": {len(row.measured)} of {row.assessed} assessed days measured"
    if row.missing:
        said += f"; not measured: {spans(row.missing)}"
    if row.outdated:
        said += f"; outdated: {spans(row.outdated)}"
    return f"{said}."


def spans(days: Iterable[date]) -> str:
    """Write days as spans, a few of them: ``2025-07-01 to 2025-07-03, 2025-07-07``."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [str(r[0]) if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs]
    more = sum(len(r) for r in runs[MOST_SPANS:])
    return ", ".join(said[:MOST_SPANS]) + (f" and {more} more days" if more else "")


@dataclass(frozen=True)
class Prepared:
    """What was requested to make holds good, each with whether it is new, and what was refused.

    ``refused``: by calculation, in words.
    """

    runs: list[tuple[Run, bool]]
    refused: list[str]


@implements("BRQ-1215", "BRQ-1206", source="settlement rule book 15, decision G36")
def prepare_day(*, holds: Iterable[Mapping[str, Any]], actor: User, at: datetime) -> Prepared:
    """Request every calculation that makes holds good; one that is refused keeps no other back.

    Raises RunRefused where none of them could be requested, with every reason.
    """
    wanted = dict.fromkeys((h["kind"], text) for h in holds if h["kind"] for text in h["days"])
    runs: list[tuple[Run, bool]] = []
    refused: list[str] = []
    for kind, text in wanted:
        try:
            runs.append(
                run_services.request(
                    kind_code=kind,
                    trade_date=date.fromisoformat(text),
                    actor=actor,
                    at=at,
                    reason="needed to settle",
                )
            )
        except run_services.RunRefused as trouble:
            refused.append(f"{RUN_KINDS[kind].title} ({text}): {trouble}")
    if refused and not runs:
        raise run_services.RunRefused(few_words(refused))
    return Prepared(runs, refused)


def few_words(said: list[str]) -> str:
    """Return the first of some sentences, and how many more there are."""
    more = len(said) - MOST_REASONS
    return " ".join(said[:MOST_REASONS]) + (f" And {more} more." if more > 0 else "")
