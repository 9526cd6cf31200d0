"""Published days that take from a calculation which a file outdated, such as from daily costs.

A price holds from its day until the next one, so a file of one day moves the costs of many. What
they are is read once for all days; a published day is stale where its costs are and it takes
anything from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span
from apps.platform.runs.hooks import RESTS_ON, RUN_KINDS, RestsOn
from apps.platform.runs.models import CurrentRun, StaleMark
from apps.platform.runs.selectors import stale_causes
from apps.platform.runs.services.moving import has_moved_on, moved_between, what_moved_over
from apps.platform.runs.services.outdating import complete_runs


@implements("BRQ-1206", "BRQ-1225", source="settlement rule book 9.4 and 15, decision G36")
def mark_resting(span: Span, cause: str, at: datetime) -> None:
    """Mark the published days of a span that take from a calculation which moved at a moment.

    The number of queries is not that of the days, but for those that were outdated before: whether
    such a day is moved by this too, or is what it was again, is asked of it alone.
    """
    before = at - timedelta(microseconds=1)
    published = [rests for rests in RESTS_ON if RUN_KINDS[rests.kind].by_hand]
    for base in sorted({rests.on for rests in published}):
        runs = complete_runs(RUN_KINDS[base], span, before)
        if not runs:
            continue
        by_day = {run.trade_date: run for run in runs}
        moved = moved_between(runs, before, at)
        days = [day for day, run in by_day.items() if moved[run.pk]]
        earlier = what_moved_over([by_day[day] for day in days], before)
        doubtful = {day for day in days if earlier[by_day[day].pk]}
        for rests in published:
            if rests.on == base:
                _mark_days(rests, days, doubtful, cause, at)
                _mark_fresh(rests, set(by_day) - set(days), cause, at)


def _mark_days(
    rests: RestsOn, days: list[date], doubtful: set[date], cause: str, at: datetime
) -> None:
    """Mark what takes from outdated days; doubtful: days that were outdated before."""
    taking = rests.takes(sorted(days), at) if days else set()
    pointers = _pointers(rests.kind, taking)
    causes = stale_causes(p.run_id for p in pointers)
    said = cause[:300]
    StaleMark.objects.bulk_create(
        StaleMark(run=p.run, at=at, stale=True, cause=said)
        for p in pointers
        if said not in causes.get(p.run_id, "")
        and (p.trade_date not in doubtful or has_moved_on(p.run, at))
    )


def _mark_fresh(rests: RestsOn, days: set[date], cause: str, at: datetime) -> None:
    """Mark the days whose costs did not move and that are what they were again."""
    pointers = _pointers(rests.kind, days)
    stale = stale_causes(p.run_id for p in pointers)
    StaleMark.objects.bulk_create(
        StaleMark(run=p.run, at=at, stale=False, cause=cause[:300])
        for p in pointers
        if p.run_id in stale and not has_moved_on(p.run, at)
    )


def _pointers(kind: str, days: Iterable[date]) -> list[CurrentRun]:
    found = CurrentRun.objects.filter(kind=kind, trade_date__in=list(days))
    return list(found.select_related("run").order_by("trade_date"))
