"""Calculations of a trade date that are outdated, though nothing of the day is taken from them.

A page that tells of outdated calculations and the day itself say one thing: the day holds nothing
over them, and does not call them ready.
"""

from __future__ import annotations

from datetime import date, datetime

from apps.adequacy.availability.codes import DAILY as AVAILABILITY_RUN
from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.selectors import sealed_run
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import last_of_month
from apps.platform.runs import services as run_services
from apps.platform.runs.hooks import RUN_KINDS, Hold, HoldEffect
from apps.settlement.settlements.services.ready_costs import costs_held
from apps.settlement.settlements.services.ready_months import day_not_measured, months_held

UNUSED = {DAILY_COSTS: "COSTS-UNUSED", AVAILABILITY_RUN: "AVAILABILITY-UNUSED"}


@implements("BRQ-1206", "BRQ-1215", source="settlement rule book 15, decision G36")
def outdated_unused(day: date, known_at: datetime) -> list[Hold]:
    """Return the calculations of a day that are outdated and that no resource takes from.

    Named alone: what a resource does take is held or asked about by its own check.
    """
    found = []
    for kind, code in UNUSED.items():
        run = sealed_run(kind, day, known_at)
        moved = run_services.what_moved_on(run, known_at) if run else []
        if run is None or not moved or _taken(kind, day, known_at):
            continue
        found.append(
            Hold(
                code,
                0,
                "",
                "Outdated; no resource of this day takes anything from it: "
                f"{RUN_KINDS[kind].title} of {day} (v{run.version}), {', '.join(moved)} changed "
                "since.",
                kind,
                (day,),
                effect=HoldEffect.NAMED,
            )
        )
    return found


def _taken(kind: str, day: date, known_at: datetime) -> bool:
    """Whether a check of its own says already that a resource of the day takes from it."""
    if kind == DAILY_COSTS:
        return bool(costs_held(day, known_at))
    check = months_held if day == last_of_month(day) else day_not_measured
    return bool(check(day, known_at))
