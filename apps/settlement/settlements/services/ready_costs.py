"""Whether the costs of a trade date are there: calculated, not outdated, and whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from apps.bidding.costs.codes import DAILY_COSTS, ERROR_FILES
from apps.bidding.costs.selectors import (
    errors_of_run,
    granted_levels_over,
    proxy_costs,
    sealed_run,
)
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span
from apps.platform.runs import services as run_services
from apps.platform.runs.hooks import Hold, HoldEffect
from apps.platform.runs.models import Run
from apps.platform.uploads.selectors import holds_on, versions_known_over
from apps.reference.market.codes import RESULT_DATASETS
from apps.reference.market.selectors import result_frame, result_frames
from apps.reference.resources.codes import Vintage
from apps.reference.resources.selectors import resource_codes, with_sc_over
from apps.reliability.designations.selectors import vintages_over
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


def days_taking_costs(days: Sequence[date], known_at: datetime) -> set[date]:
    """Return which of some trade dates take anything from their daily costs, in one reading."""
    return {day for day, needs in _needs_over(days, known_at).items() if needs}


def _needs(day: date, known_at: datetime) -> list[CostNeed]:
    return _needs_over([day], known_at).get(day, [])


def _needs_over(days: Sequence[date], known_at: datetime) -> dict[date, list[CostNeed]]:
    """Return what each day takes from its costs, of the days that have commitments on file.

    The number of queries is not that of the days, but for days on which RMR contracts change.
    """
    commitments = _frames(COMMITMENTS, days, known_at)
    if not commitments:
        return {}
    listed = sorted(commitments)
    levels = granted_levels_over(listed, known_at)
    vintages = vintages_over(listed, known_at)
    associations = with_sc_over(Span.through(listed[0], listed[-1]), known_at)
    legacy = {
        day: {k: condition or "" for k, (v, condition) in held.items() if v == Vintage.LEGACY}
        for day, held in vintages.items()
    }
    dispatched = [d for d in listed if set(legacy[d]) & set(commitments[d]["resource_id"])]
    of_legacy = {key for day in dispatched for key in legacy[day]}
    intervals = _frames(INTERVALS, dispatched, known_at, of_legacy)
    found = {}
    for day in listed:
        frame = commitments[day]
        if day in dispatched:
            rows = intervals.get(day, result_frame(INTERVALS, None))
            counted = twelfths_outside(frame, dispatched_hours(rows, legacy[day]))
            lines = counted.filter(pl.col("twelfths") > 0)["line_no"].to_list()
            frame = frame.filter(pl.col("line_no").is_in(lines))
        concerned = {key for key, valid in associations if holds_on(valid, day)}
        reliability = {k for k, (v, _) in vintages[day].items() if v != Vintage.LEGACY}
        found[day] = cost_needs(
            frame, _granted(levels[day]), reliability, concerned - without_uplift(legacy[day])
        )
    return found


def _granted(levels: Iterable[Any]) -> pl.DataFrame:
    rows = [
        (r.pk, r.resource_id, r.market, r.cost_type, r.config, r.first_hour, r.last_hour)
        for r in levels
        if r.cost_type != "ENERGY" and r.approved is not None
    ]
    return pl.DataFrame(rows, schema=GRANTED, orient="row")


def _frames(
    dataset: str, days: Sequence[date], known_at: datetime, resources: set[int] | None = None
) -> dict[date, pl.DataFrame]:
    """Return the market results of each of some days that has a version, in two queries."""
    if not days:
        return {}
    wanted = set(days)
    versions = {
        v.valid.lower: v
        for v in versions_known_over(dataset, known_at, Span.through(min(days), max(days)))
        if v.valid.lower in wanted
    }
    frames = result_frames(dataset, list(versions.values()), resources)
    return {day: frames[v.pk] for day, v in versions.items()}
