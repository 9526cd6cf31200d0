"""Calculations without a publication that something outdated, such as the costs of a trade date.

A published day is marked as it goes stale. Costs, bids and availability are not published; whoever
asks is told which of them a file or an approval outdated, and whether they were calculated again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, Span
from apps.platform.runs.hooks import RESTS_ON, RUN_KINDS, RestsOn, RunKind
from apps.platform.runs.models import Run
from apps.platform.runs.services.moving import moved_between

MOST_DAYS = 31


@dataclass(frozen=True)
class Outdated:
    """A complete run, the inputs that moved at a moment, and the run made of them since."""

    run: Run
    moved: tuple[str, ...]
    again: Run | None


@implements("BRQ-0100", "BRQ-1206", source="settlement rule book 15, decision G36")
def outdated_at(span: Span, moment: datetime) -> list[Outdated]:
    """Return the calculations of a span that what became known at a moment outdated, newest first.

    Of each kind that no person publishes, what was complete then: every trade date of a kind that
    others take from, the newest 31 of the rest. A run whose inputs had moved before counts only for
    what moved at the moment; one that takes from an outdated run is outdated with it.
    """
    before = moment - timedelta(microseconds=1)
    found: dict[str, dict[date, tuple[Run, tuple[str, ...]]]] = {}
    bases = {rests.on for rests in RESTS_ON}
    for kind in RUN_KINDS:
        if kind.by_hand:
            continue
        runs = complete_runs(kind, span, before, most=None if kind.code in bases else MOST_DAYS)
        moved = moved_between(runs, before, moment)
        found[kind.code] = {
            run.trade_date: (run, tuple(moved[run.pk])) for run in runs if moved[run.pk]
        }
    for rests in RESTS_ON:
        if not RUN_KINDS[rests.kind].by_hand:
            found[rests.kind] = _with_those(rests, found, span, before) | found[rests.kind]
    told = [
        Outdated(run, why, later.get(day))
        for code, days in found.items()
        for later in [_again(code, days, moment)]
        for day, (run, why) in days.items()
    ]
    return sorted(told, key=lambda o: (o.run.trade_date, o.run.kind), reverse=True)


def _with_those(
    rests: RestsOn,
    found: dict[str, dict[date, tuple[Run, tuple[str, ...]]]],
    span: Span,
    moment: datetime,
) -> dict[date, tuple[Run, tuple[str, ...]]]:
    """Return the runs that take from outdated ones of their own trade dates."""
    days = found.get(rests.on, {})
    if not days:
        return {}
    taking = rests.takes(sorted(days), moment)
    runs = complete_runs(RUN_KINDS[rests.kind], span, moment, days=taking)
    return {run.trade_date: (run, (RUN_KINDS[rests.on].title,)) for run in runs}


def complete_runs(
    kind: RunKind,
    span: Span,
    moment: datetime,
    *,
    most: int | None = None,
    days: Iterable[date] | None = None,
) -> list[Run]:
    """Return the newest complete run of trade dates of a span as it was at a moment, newest first.

    most: of so many of the newest trade dates; days: of these alone. One query.
    """
    runs = Run.objects.filter(
        kind=kind.code, state="SEALED", sealed_at__lte=moment, trade_date__gte=span.first
    )
    if span.end != FAR_FUTURE:
        runs = runs.filter(trade_date__lt=span.end)
    if days is not None:
        runs = runs.filter(trade_date__in=list(days))
    newest = runs.order_by("-trade_date", "-version").distinct("trade_date")
    return list(newest if most is None else newest[:most])


def _again(kind: str, days: Iterable[date], moment: datetime) -> dict[date, Run]:
    """Return by trade date the newest run of a kind that knew what became known at a moment."""
    listed = list(days)
    if not listed:
        return {}
    later = Run.objects.filter(
        kind=kind, trade_date__in=listed, state="SEALED", known_at__gte=moment
    )
    newest = later.order_by("trade_date", "-version").distinct("trade_date")
    return {run.trade_date: run for run in newest}
