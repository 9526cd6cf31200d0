"""Calculations without a publication that something outdated, such as the costs of a trade date.

A published day is marked as it goes stale. Costs, bids and availability are not published; whoever
asks is told which of them a file or an approval outdated, and whether they were calculated again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, Span
from apps.platform.runs.hooks import RUN_KINDS, RunKind
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

    Of each kind that no person publishes, the newest 31 trade dates that were complete then. A run
    whose inputs had moved before counts only for what moved at the moment.
    """
    before = moment - timedelta(microseconds=1)
    found = []
    for kind in RUN_KINDS:
        runs = [] if kind.by_hand else _complete(kind, span, before)
        moved = moved_between(runs, before, moment)
        found += [
            Outdated(run, tuple(moved[run.pk]), _again(run, moment))
            for run in runs
            if moved[run.pk]
        ]
    return sorted(found, key=lambda o: (o.run.trade_date, o.run.kind), reverse=True)


def _complete(kind: RunKind, span: Span, moment: datetime) -> list[Run]:
    """Return the newest complete run of each of the newest trade dates, as it was at a moment."""
    runs = Run.objects.filter(
        kind=kind.code, state="SEALED", sealed_at__lte=moment, trade_date__gte=span.first
    )
    if span.end != FAR_FUTURE:
        runs = runs.filter(trade_date__lt=span.end)
    newest = runs.order_by("-trade_date", "-version").distinct("trade_date")
    return list(newest[:MOST_DAYS])


def _again(run: Run, moment: datetime) -> Run | None:
    later = Run.objects.filter(
        kind=run.kind, trade_date=run.trade_date, state="SEALED", known_at__gte=moment
    )
    return later.order_by("-version").first()
