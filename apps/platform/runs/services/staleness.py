"""Published days go stale when what they rest on changes, and fresh when it comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from apps.platform.accounts.models import User
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, Span, last_of_month
from apps.platform.runs.hooks import CORRECTION_HOOKS, RUN_KINDS, Correction
from apps.platform.runs.models import CurrentRun, Run, StaleMark
from apps.platform.runs.services.moving import has_moved_on, moved_between
from apps.platform.runs.services.resting import mark_resting
from apps.platform.uploads.hooks import UPLOAD_KINDS, Reaching


def dataset_changed(version: Any, actor: User, at: datetime) -> None:
    """Mark the published days whose inputs a new dataset version really changes.

    A day that was stale already and that the version does not move keeps its cause alone. Rows that
    hold from a day on until the next of their series are asked about on all these days.
    """
    cause = f"{version.title} confirmed"
    before = version.known_from - timedelta(microseconds=1)

    def beside(run: Run, was: bool) -> bool:
        return was and not moved_between([run], before, at)[run.pk]

    _mark(_touched(version.valid.lower, version.valid.upper), cause, at, beside)
    wanted = UPLOAD_KINDS.get(version.upload.kind)
    if wanted is not None and wanted.reach is not None:
        reach = wanted.reach(Reaching(version.dataset, version.period, version))
        mark_resting(reach, cause, at)


def parameter_changed(value: Any, actor: User, at: datetime) -> None:
    """Mark the published days that a new value really changes.

    A day whose inputs had moved on already before the value, of a calculation that does not ask for
    the parameter, was not moved by it: terms of payment outdate no settlement.
    """
    cause = f"parameter {value.name} = {value.text}"
    ask = {k.code for k in RUN_KINDS if value.name in {p.name for p in k.parameters}}
    before = value.known.lower - timedelta(microseconds=1)

    def beside(run: Run, was: bool) -> bool:
        return not was and run.kind not in ask and has_moved_on(run, before)

    _mark(_touched(value.span.first, value.valid.upper), cause, at, beside)


def days_changed(*, span: Span, cause: str, at: datetime, kind_code: str = "") -> None:
    """Mark the published days of a span whose terms really changed, or came back."""
    pointers = _touched(span.first, None if span.end == FAR_FUTURE else span.end)
    _mark(pointers.filter(kind=kind_code) if kind_code else pointers, cause, at)


def _touched(first: date, end: date | None) -> QuerySet[CurrentRun]:
    """Return the published days of a span, and the month's end that sums up its last days."""
    found = CurrentRun.objects.filter(trade_date__gte=first)
    if end is None:
        return found
    closes = last_of_month(end - timedelta(days=1))
    return found.filter(Q(trade_date__lt=end) | Q(trade_date=closes))


def _mark(
    pointers: Any,
    cause: str,
    at: datetime,
    beside: Callable[[Run, bool], bool] = lambda run, was: False,
) -> list[CurrentRun]:
    """Mark what is stale now or was; return what is stale now.

    beside: whether what moved a run on, stale already or not, has nothing to do with the cause.
    """
    found = []
    for pointer in pointers.select_related("run"):
        run = pointer.run
        last = run.stale_marks.last()
        was = last is not None and last.stale
        now = has_moved_on(run, at)
        if now and beside(run, was):
            continue
        if now or was:
            StaleMark.objects.create(run=run, at=at, stale=now, cause=cause[:300])
        if now:
            found.append(pointer)
    return found


@implements("BRQ-1320", "BRQ-1275", source="settlement rule book 9.4, 3.7 and 10.3")
def corrected(correction: Correction, *, actor: User, at: datetime) -> dict[str, list[date]]:
    """Mark the published days a correction moves, and tell who waits for such; return them by kind.

    The end of a month that sums up the last of its days counts among them.
    """
    days = {*correction.days, last_of_month(max(correction.days))}
    moved: dict[str, list[date]] = {}
    for pointer in _mark(CurrentRun.objects.filter(trade_date__in=days), correction.title, at):
        moved.setdefault(pointer.kind, []).append(pointer.trade_date)
    found = {code: sorted(dates) for code, dates in moved.items()}
    for hook in CORRECTION_HOOKS:
        hook(correction, found, actor, at)
    return found
