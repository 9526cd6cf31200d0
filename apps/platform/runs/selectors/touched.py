"""Published runs that a file touches: what became stale by it, and what was done about it since."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, Span, last_of_month
from apps.platform.runs.hooks import RESTS_ON, RUN_KINDS, RestsOn
from apps.platform.runs.models import CurrentRun, Run, StaleMark
from apps.platform.runs.selectors.reading import stale_causes
from apps.platform.uploads.hooks import UPLOAD_KINDS, Touched

MOST_ASKED = 366


def published_days_touched(dataset: str, spans: list[Span], made: list[str]) -> list[Touched]:
    """Return published runs that a dataset touches.

    Where versions were made of it, those that went stale by them, also where their trade date was
    calculated again since; before, those that read the dataset on the days of the spans, or at the
    end of a month that sums up the last of them, and those that take from a calculation which does.
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
    resting = _resting(dataset, spans)
    pointers = sorted({*found, *resting}, key=lambda p: (p.trade_date, p.kind))
    stale = stale_causes(pointer.run_id for pointer in pointers)
    return [Touched(_label(p.run), _address(p.run), p.run_id in stale) for p in pointers]


def _resting(dataset: str, spans: list[Span]) -> list[CurrentRun]:
    """Return the published days that take from a calculation of theirs which reads a dataset.

    Of the newest days of the spans, so many that a page may ask about them at once.
    """
    reaching = {k.dataset.name for k in UPLOAD_KINDS if k.reach}
    found: list[CurrentRun] = []
    for rests in RESTS_ON:
        reads = {r.dataset.name for r in RUN_KINDS[rests.on].reads}
        if not RUN_KINDS[rests.kind].by_hand or dataset not in reads | reaching:
            continue
        days = _calculated(rests, spans)
        taking = rests.takes(sorted(days), FAR_MOMENT) if days else set()
        found += CurrentRun.objects.filter(kind=rests.kind, trade_date__in=taking).select_related(
            "run"
        )
    return found


def _calculated(rests: RestsOn, spans: list[Span]) -> set[date]:
    """Return the newest published days of some spans whose calculation they rest on is complete."""
    over = Q(pk__in=[])
    for span in spans:
        over |= Q(trade_date__gte=span.first, trade_date__lt=span.end)
    published = CurrentRun.objects.filter(over, kind=rests.kind)
    complete = Run.objects.filter(kind=rests.on, state="SEALED").values("trade_date")
    days = published.filter(trade_date__in=complete).order_by("-trade_date")
    return set(days.values_list("trade_date", flat=True)[:MOST_ASKED])


def outdated_page(span: Span, moment: datetime) -> str:
    """Return the address that tells which calculations became outdated at a moment."""
    query = {"first": str(span.first), "at": moment.isoformat()}
    if span.end != FAR_FUTURE:
        query["last"] = str(span.last)
    return reverse("runs-outdated", query=query)


def _went_stale(made: list[str]) -> list[Touched]:
    """Return the days whose published run went stale by versions, one each, with what followed.

    A run that was stale before them did not become so by them.
    """
    latest = {(m.run.kind, m.run.trade_date): m for m in _marks_of(made)}
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


def _marks_of(made: list[str]) -> list[StaleMark]:
    """Return the marks by which versions made runs stale that were not before; two queries."""
    causes = {f"{version} confirmed"[:300] for version in made}
    named = StaleMark.objects.filter(stale=True, cause__in=causes).values("run_id")
    was: dict[int, bool] = {}
    found: dict[int, StaleMark] = {}
    marks = StaleMark.objects.filter(run_id__in=named).select_related("run")
    for mark in marks.order_by("at", "id"):
        own = mark.stale and mark.cause in causes
        if own and (mark.run_id in found or not was.get(mark.run_id, False)):
            found[mark.run_id] = mark
        was[mark.run_id] = mark.stale
    return sorted(found.values(), key=lambda m: (m.at, m.pk))


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
