"""Published runs that a file touches: what became stale by it, and what was done about it since."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from apps.platform.core.tradetime import FAR_FUTURE, Span, last_of_month
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import CurrentRun, Run, StaleMark
from apps.platform.runs.selectors.reading import stale_causes
from apps.platform.uploads.hooks import Touched


def published_days_touched(dataset: str, spans: list[Span], made: list[str]) -> list[Touched]:
    """Return published runs that a dataset touches.

    Where versions were made of it, those that went stale by them, also where their trade date was
    calculated again since; before, those that read the dataset on the days of the spans, or at the
    end of a month that sums up the last of them.
    """
    if made:
        return _went_stale(made)
    codes = [k.code for k in RUN_KINDS if any(r.dataset.name == dataset for r in k.reads)]
    over = Q(pk__in=[])
    for span in spans:
        days = Q(trade_date__gte=span.first)
        if span.end != FAR_FUTURE:
            closes = last_of_month(span.end - timedelta(days=1))
            days &= Q(trade_date__lt=span.end) | Q(trade_date=closes)
        over |= days
    found = CurrentRun.objects.filter(over, kind__in=codes).select_related("run")
    pointers = list(found.order_by("trade_date", "kind"))
    stale = stale_causes(pointer.run_id for pointer in pointers)
    return [Touched(_label(p.run), _address(p.run), p.run_id in stale) for p in pointers]


def outdated_page(span: Span, moment: datetime) -> str:
    """Return the address that tells which calculations became outdated at a moment."""
    query = {"first": str(span.first), "at": moment.isoformat()}
    if span.end != FAR_FUTURE:
        query["last"] = str(span.last)
    return reverse("runs-outdated", query=query)


def _went_stale(made: list[str]) -> list[Touched]:
    """Return the days whose published run went stale by versions, one each, with what followed."""
    causes = [f"{version} confirmed"[:300] for version in made]
    marks = StaleMark.objects.filter(stale=True, cause__in=causes).select_related("run")
    latest = {(m.run.kind, m.run.trade_date): m for m in marks.order_by("at", "id")}
    days = {day for _, day in latest}
    again: dict[tuple[str, date], Run] = {}
    done = Run.objects.filter(trade_date__in=days, state__in=("SEALED", "PUBLISHED"))
    for run in done.order_by("version"):
        mark = latest.get((run.kind, run.trade_date))
        if mark and run.known_at >= mark.at:
            again[run.kind, run.trade_date] = run
    stale = stale_causes(mark.run_id for mark in latest.values())
    return [
        _followed(mark.run, again.get(at), stale=mark.run_id in stale)
        for at, mark in sorted(latest.items(), key=lambda pair: (pair[0][1], pair[0][0]))
    ]


def _followed(run: Run, again: Run | None, *, stale: bool) -> Touched:
    """Return a run that went stale with what was done since."""
    if again is None:
        since = "" if stale else "its inputs are again what they were"
        return Touched(_label(run), _address(run), stale, since)
    waits = again.state != "PUBLISHED"
    said = "waits to be published" if waits else "is published"
    since = f"calculated again since, version {again.version} {said}"
    return Touched(_label(run), _address(again), waits, since)


def _label(run: Run) -> str:
    return f"{RUN_KINDS[run.kind].title} of {run.trade_date}"


def _address(run: Run) -> str:
    return reverse("run", args=[run.pk])
