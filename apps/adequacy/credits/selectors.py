"""Reads of credits: for people by viewer, and as known at a moment for the distribution."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Lower

from apps.adequacy.credits.codes import (
    DISTRIBUTION,
    FORECASTS,
    KINDS,
    OBLIGATIONS,
    PROCESSES,
    SHARES,
)
from apps.adequacy.credits.models import (
    CreditProposal,
    CreditShare,
    CreditTac,
    DemandForecast,
    FlexCover,
    FlexObligation,
    FlexStep,
    LoadShare,
    RmrCredit,
    YearlyCredit,
)
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.platform.runs.models import CurrentRun, Run
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import versions_known_at


def _iso(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    return rows if viewer.is_iso else rows.none()


def _of_lse(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    return rows.filter(lse_id=viewer.party_id) if viewer.is_sc else rows.none()


def _current(dataset: str) -> QuerySet[Any, Any]:
    newest = DatasetVersion.objects.filter(dataset=dataset)
    return newest.order_by("period", "-version").distinct("period").values("pk")


def forecasts(*, viewer: Viewer) -> QuerySet[DemandForecast]:
    """Return demand forecasts in their newest versions."""
    return DemandForecast.objects.filter(dataset_version_id__in=_current(FORECASTS.name))


def load_shares(*, viewer: Viewer) -> QuerySet[LoadShare]:
    """Return load shares in their newest versions; an LSE sees its own."""
    rows = LoadShare.objects.filter(dataset_version_id__in=_current(SHARES.name))
    return _of_lse(rows, viewer)


def flex_obligations(*, viewer: Viewer) -> QuerySet[FlexObligation]:
    """Return flexible obligations in their newest versions; an LSE sees its own."""
    rows = FlexObligation.objects.filter(dataset_version_id__in=_current(OBLIGATIONS.name))
    return _of_lse(rows, viewer)


def credits_on_file(*, viewer: Viewer) -> QuerySet[RmrCredit]:
    """Return the credits known now, which the ISO's people see."""
    rows = RmrCredit.objects.filter(known__contains=FAR_MOMENT, mw__gt=0)
    return _iso(rows.select_related("resource"), viewer)


def with_credits(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return rows of a resource and a period with ``credits`` and ``credits_mw``.

    ``credits``: how many credits on file hold on days of the period. ``credits_mw``: the most MW of
    one process on one day of it, system and local together or flexible, whichever is larger: the
    same megawatt is not counted twice. *Interpretation* of "credits" beside a contract.
    """
    flexible = Case(
        When(kind="FLEX", then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    known = RmrCredit.objects.filter(known__contains=FAR_MOMENT, mw__gt=0).annotate(flex=flexible)
    held = known.filter(resource_id=OuterRef("resource_id"), valid__overlap=OuterRef("period"))
    day = Greatest(Lower(OuterRef("valid")), Lower(OuterRef(OuterRef("period"))))
    beside = known.filter(
        resource_id=OuterRef("resource_id"),
        process=OuterRef("process"),
        flex=OuterRef("flex"),
        valid__contains=day,
    )
    together = beside.order_by().values("process").annotate(sum=Sum("mw")).values("sum")
    most = held.annotate(sum=Subquery(together)).order_by("-sum").values("sum")[:1]
    count = held.order_by().values("resource_id").annotate(n=Count("pk")).values("n")
    found: QuerySet[Any] = rows.annotate(
        credits=Coalesce(Subquery(count), 0), credits_mw=Subquery(most)
    )
    return found


@implements("BRQ-0055", "BRQ-0116", source="BRS 1.2 section 6.1.1")
def credits_beyond(resource_id: int, days: Span) -> list[str]:
    """Return in sentences the credits on file of a resource on days no designation covers.

    Each with its process, months and MW. They stay as they are until a credit of 0 MW ends them.
    """
    rows = RmrCredit.objects.filter(
        resource_id=resource_id,
        known__contains=FAR_MOMENT,
        mw__gt=0,
        valid__overlap=(days.first, days.end),
    ).order_by("valid", "process", "kind", "category")
    found = []
    for row in rows:
        first = max(row.span.first, days.first)
        last = Span(first, min(row.span.end, days.end)).last
        months = " to ".join(dict.fromkeys((f"{first:%Y-%m}", f"{last:%Y-%m}")))
        category = f", category {row.category}," if row.category else ""
        found.append(
            f"{PROCESSES[row.process]} {KINDS[row.kind].lower()}{category} of {MW.text(row.mw)} MW "
            f"stands beyond the end for {months}; a credit of 0 MW ends it."
        )
    return found


def proposals(*, viewer: Viewer) -> QuerySet[CreditProposal]:
    """Return proposed credits, which the ISO's people see."""
    return _iso(CreditProposal.objects.select_related("resource", "opened_by"), viewer)


def _shown(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    """Return rows of published runs; an LSE's own."""
    published = CurrentRun.objects.filter(kind__in=DISTRIBUTION.values()).values("run_id")
    return _of_lse(rows.filter(run_id__in=published), viewer)


def shares(*, viewer: Viewer) -> QuerySet[CreditShare]:
    """Return published credits by resource, month, zone and LSE."""
    return _shown(CreditShare.objects.all(), viewer)


def steps(*, viewer: Viewer) -> QuerySet[FlexStep]:
    """Return the steps of published cascades."""
    return _shown(FlexStep.objects.all(), viewer)


def covers(*, viewer: Viewer) -> QuerySet[FlexCover]:
    """Return how flexible obligations stand after published cascades."""
    return _shown(FlexCover.objects.all(), viewer)


def yearly(*, viewer: Viewer) -> QuerySet[YearlyCredit]:
    """Return published credits in the public shape; an LSE sees its own."""
    return _of_lse(YearlyCredit.objects.all(), viewer)


def process_of(period: str) -> str:
    """Return the process of a period written 2024 or 2024-09."""
    return "ANNUAL" if len(period) == 4 else "MONTHLY"


def first_day(period: str) -> date:
    """Return the first day of a period; raises ValueError for what is none."""
    return date.fromisoformat(f"{period}-01-01" if len(period) == 4 else f"{period}-01")


def period_of(process: str, day: date) -> str:
    """Return the period that a run of a process and trade date is of."""
    return f"{day:%Y}" if process == "ANNUAL" else f"{day:%Y-%m}"


def version_for(dataset: str, period: str, known_at: datetime) -> DatasetVersion | None:
    """Return the version that the distribution of a period reads, or None.

    The annual process reads rows without a month; where there are none, the first month on file.
    """
    found = versions_known_at(dataset, known_at, period=period)
    if not found and len(period) == 4:
        year = DatasetVersion.objects.filter(
            dataset=dataset, period__startswith=f"{period}-", known_from__lte=known_at
        )
        found = list(year.order_by("period", "-version").distinct("period")[:1])
    return found[0] if found else None


def credits_for(process: str, day: date, known_at: datetime) -> list[RmrCredit]:
    """Return the credits of a process that hold on the first day of its period."""
    return list(
        RmrCredit.objects.filter(
            process=process, valid__contains=day, known__contains=known_at, mw__gt=0
        )
        .select_related("resource")
        .order_by("resource__code", "kind", "category")
    )


def runs_of(period: str) -> QuerySet[Run]:
    """Return the distributions of a period, the newest first."""
    found = Run.objects.filter(kind=DISTRIBUTION[process_of(period)], trade_date=first_day(period))
    return found.order_by("-pk")


def published_run(period: str) -> Run | None:
    """Return the published distribution of a period, or None."""
    pointer = (
        CurrentRun.objects.filter(
            Q(kind=DISTRIBUTION[process_of(period)]), trade_date=first_day(period)
        )
        .select_related("run")
        .first()
    )
    return pointer.run if pointer else None


def tacs_of_run(run: Run) -> list[CreditTac]:
    """Return the parts of TAC areas of a run, credit by credit."""
    return list(CreditTac.objects.filter(run=run).order_by("line_no"))


def shares_of_run(run: Run, viewer: Viewer) -> QuerySet[CreditShare]:
    """Return the rows of a run for its first month; an LSE's own, and only of a published one."""
    month = run.trade_date.month
    rows = CreditShare.objects.filter(run=run, ra_month=month)
    if not viewer.is_iso:
        rows = rows.filter(run__current__isnull=False)
    return _of_lse(rows, viewer)
