"""Which resources are RMR on which days: by a contract, or by a designation that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span, changes_within
from apps.reliability.designations.models import (  # type: ignore[attr-defined]  # an event model is tracked's
    CapacityByTac,
    Designation,
    DesignationEvent,
    RmrContract,
)
from apps.reliability.designations.selectors.reading import NOW

STANDING = ("DESIGNATED", "TERMINATED")  # one that was terminated stands for the days it kept


@dataclass(frozen=True)
class RmrSpan:
    """Days on which a resource is RMR.

    designation: the number of the designation it is by; None where it is by contract. need: LOCAL,
    SYSTEM or FLEX, of a contract its scope. mw: of a designation. area: the code of the local area
    it names.
    """

    resource_id: int
    first: date
    last: date
    effective_date: date
    designation: int | None = None
    need: str = ""
    mw: Decimal | None = None
    area: str = ""

    @property
    def words(self) -> str:
        """What makes it RMR, to stand after the name of the resource."""
        days = f"from {self.first} to {self.last}"
        if self.designation is None:
            return f"is under an RMR contract {days}"
        return f"is designated RMR (no. {self.designation}) {days}"


@implements("BRQ-0119", "BRQ-0211", "BRQ-0300", source="BRS 1.2 sections 6.2.1 to 6.2.3")
def rmr_spans(resource_ids: set[int] | None = None) -> list[RmrSpan]:
    """Return all days on which resources are RMR of either vintage, as known now.

    By a contract, or by a designation that stands, with or without contract terms: a board
    designates months before terms are filed, and the resource is RMR at every gate from then on.
    Contracts come first where both cover a day.
    """
    contracts = RmrContract.objects.filter(known__contains=NOW)
    cases = Designation.objects.filter(state__in=STANDING)
    if resource_ids is not None:
        contracts = contracts.filter(resource_id__in=resource_ids)
        cases = cases.filter(resource_id__in=resource_ids)
    found = [
        RmrSpan(
            r.resource_id,
            r.span.first,
            r.span.last,
            r.effective_date,
            need=r.scope,
            area=r.local_area.code if r.local_area else "",
        )
        for r in contracts.select_related("local_area").order_by("resource_id", "valid")
    ]
    cases = cases.select_related("local_area").order_by("resource_id", "period")
    return found + [_of_case(d) for d in cases]


def _of_case(case: Any) -> RmrSpan:
    span = Span(case.period.lower, case.period.upper)
    number = getattr(case, "pgh_obj_id", case.pk)
    return RmrSpan(
        case.resource_id,
        span.first,
        span.last,
        case.effective_date,
        number,
        case.need,
        case.contract_mw,
        case.local_area.code if case.local_area else "",
    )


def rmr_over(path: str, first: str, last: str) -> Q:
    """Return whether a row's resource is RMR on any of its days, to filter with; see rmr_spans."""
    contract = RmrContract.objects.filter(
        Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=OuterRef(first)),
        resource_id=OuterRef(path),
        known__contains=NOW,
        valid__startswith__lte=OuterRef(last),
    )
    designated = Designation.objects.filter(
        resource_id=OuterRef(path),
        state__in=STANDING,
        period__startswith__lte=OuterRef(last),
        period__endswith__gt=OuterRef(first),
    )
    return Q(Exists(contract)) | Q(Exists(designated))


def rmr_on(day: date, known_at: datetime = NOW) -> set[int]:
    """Return the resources that are RMR on a day as known at a moment; see rmr_spans."""
    contracts = RmrContract.objects.filter(valid__contains=day, known__contains=known_at)
    found = set(contracts.values_list("resource_id", flat=True))
    return found | {d.resource_id for d in designated_on(day, known_at)}


def active_designations_on(day: date) -> list[tuple[str, int]]:
    """Return resource ID and number of each designation that stands on a day."""
    rows = Designation.objects.filter(state__in=STANDING, period__contains=day)
    return list(rows.order_by("resource__code").values_list("resource__code", "pk"))


def designated_on(day: date, known_at: datetime) -> list[RmrSpan]:
    """Return the designations that stand on a day, as they were known at a moment."""
    if known_at >= NOW:
        rows = list(Designation.objects.filter(state__in=STANDING, period__contains=day))
    else:
        rows = [d for d in _stood_at(known_at) if d.period.lower <= day < d.period.upper]
    return [_of_case(d) for d in rows]


def designation_changes(within: Span, known_at: datetime) -> set[date]:
    """Return the days of a span from which other designations stand, as known at a moment."""
    rows: Any = Designation.objects.filter(state__in=STANDING)
    if known_at < NOW:
        rows = _stood_at(known_at)
    return changes_within([(d.period.lower, d.period.upper) for d in rows], within)


def _stood_at(known_at: datetime) -> list[Any]:
    seen = DesignationEvent.objects.filter(pgh_created_at__lte=known_at)
    newest = seen.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return [d for d in newest if d.state in STANDING]


def with_flexible_capacity(days: Span) -> set[int]:
    """Return the resources whose contract has flexible capacity on a day of a span (BRQ-0116)."""
    over = (days.first, days.end)
    numbers = CapacityByTac.objects.filter(
        known__contains=NOW, valid__overlap=over, obligation_type="FLEX", mw__gt=0
    ).values("contract_no")
    rows = RmrContract.objects.filter(
        known__contains=NOW, valid__overlap=over, contract_no__in=numbers
    )
    return set(rows.values_list("resource_id", flat=True))
