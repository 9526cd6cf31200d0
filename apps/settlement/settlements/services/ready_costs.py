"""Whether the costs of a trade date are there: calculated, not outdated, and whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from apps.bidding.costs.codes import DAILY_COSTS, ERROR_FILES
from apps.bidding.costs.selectors import errors_of_run, granted_levels, proxy_costs, sealed_run
from apps.platform.core.rulebook import implements
from apps.platform.runs import services as run_services
from apps.platform.runs.hooks import Hold, HoldEffect
from apps.platform.runs.models import Run
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

COMMITMENTS, INTERVALS = RESULT_DATASETS[0].name, RESULT_DATASETS[3].name
WORDS = {"START_UP": "start-up", "MIN_LOAD": "minimum load", "TRANSITION": "transition"}
MOST_PLACES = 4
GRANTED = {
    "request": pl.Int64,
    "resource_id": pl.Int64,
    "horizon": pl.String,
    "cost_type": pl.String,
    "of_config": pl.String,
    "first_hour": pl.Int64,
    "last_hour": pl.Int64,
}


@implements("BRQ-1206", "BRQ-1255", source="settlement rule book 15, decision G36")
def costs_held(day: date, known_at: datetime) -> list[Hold]:
    """Return the resources whose day takes what the costs of the day lack, or hold outdated."""
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


def cost_errors(day: date, known_at: datetime) -> list[Hold]:
    """Return the resources of which the costs of a day left something out, with what; all named.

    Where the day takes what is missing, ``costs_held`` holds it.
    """
    run = sealed_run(DAILY_COSTS, day, known_at)
    if run is None:
        return []
    return [
        Hold(
            "COSTS-ERROR",
            row.resource_id or 0,
            row.unit,
            f"{row.unit}: {row.message}",
            details={"violation": row.code},
            effect=HoldEffect.NAMED,
        )
        for row in errors_of_run(run)
    ]


def files_of_cost_error(details: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the kinds of files that make good what a run of costs could not calculate."""
    return ERROR_FILES.get(str(details.get("violation", "")), ())


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
    return ", ".join(said[:MOST_PLACES]) + (" and others" if len(said) > MOST_PLACES else "")


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
