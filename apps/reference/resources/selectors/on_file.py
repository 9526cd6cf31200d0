"""What is on file of resources on a day, as known at a moment: for calculations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery

from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, Span
from apps.reference.resources.models import (
    LocalArea,
    Resource,
    ResourceAttributes,
    ScAssociation,
)
from apps.reference.resources.selectors.reading import resource_ids


def pmax_of(resource_keys: set[int], day: date, known_at: datetime) -> dict[int, Decimal]:
    """Return Pmax by resource on a day, as known at a moment; resources without one are absent."""
    rows = ResourceAttributes.objects.filter(
        resource_id__in=resource_keys, valid__contains=day, known__contains=known_at
    )
    found: Any = rows.values_list("resource_id", "pmax_mw")
    return dict(found)


def pmax_beside(resource: str, day: date, known_at: datetime) -> Subquery:
    """Return Pmax on a day of the resource at a path, to annotate rows with."""
    rows = ResourceAttributes.objects.filter(
        resource_id=OuterRef(resource), valid__contains=day, known__contains=known_at
    )
    return Subquery(rows.values("pmax_mw")[:1])


def first_pmax_beside(resource: str, days: str, known_at: datetime) -> Subquery:
    """Return the first Pmax on file on the days at a path, to annotate rows with."""
    rows = ResourceAttributes.objects.filter(
        resource_id=OuterRef(resource), valid__overlap=OuterRef(days), known__contains=known_at
    )
    return Subquery(rows.order_by("valid").values("pmax_mw")[:1])


def pmax_spans(
    resource_keys: set[int], known_at: datetime
) -> dict[int, list[tuple[Span, Decimal]]]:
    """Return Pmax by resource and days, in their order, as known at a moment."""
    rows = ResourceAttributes.objects.filter(
        resource_id__in=resource_keys, known__contains=known_at
    )
    found: dict[int, list[tuple[Span, Decimal]]] = {}
    for row in rows.order_by("resource_id", "valid"):
        found.setdefault(row.resource_id, []).append((row.span, row.pmax_mw))
    return found


def tac_of_resources(resource_keys: set[int], day: date, known_at: datetime) -> dict[int, str]:
    """Return the TAC area code of resources on a day, as known at a moment."""
    rows = ResourceAttributes.objects.filter(
        resource_id__in=resource_keys, valid__contains=day, known__contains=known_at
    )
    return dict(rows.values_list("resource_id", "tac_area__code"))


def sc_of(day: date, known_at: datetime) -> list[ScAssociation]:
    """Return the SC of every resource on a day, as known at a moment (BRQ-0225 by date)."""
    return list(
        ScAssociation.objects.filter(valid__contains=day, known__contains=known_at)
        .select_related("sc", "resource")
        .order_by("resource__code")
    )


def with_sc_over(span: Span, known_at: datetime) -> list[tuple[int, Any]]:
    """Return (resource, days) of every SC that a resource has on a day of a span (BRQ-0225)."""
    rows = ScAssociation.objects.filter(
        valid__overlap=(span.first, span.end), known__contains=known_at
    )
    return list(rows.order_by("resource_id").values_list("resource_id", "valid"))


@dataclass(frozen=True)
class ResourceFacts:
    """What is on file of one resource on the first of several days that knows it."""

    resource_id: int | None
    sc_id: int | None = None
    name: str = ""
    pmax_mw: Decimal | None = None
    local_area: str = ""


def resource_facts(*, code: str, days: Iterable[date], known_at: datetime) -> ResourceFacts:
    """Return SC, name, Pmax and local area of a resource, each on the first day that has it."""
    key = resource_ids({code}).get(code)
    if key is None:
        return ResourceFacts(None)
    sc_id, said = None, None
    for day in days:
        at = {"resource_id": key, "valid__contains": day, "known__contains": known_at}
        if sc_id is None:
            sc_id = ScAssociation.objects.filter(**at).values_list("sc_id", flat=True).first()
        if said is None:
            said = ResourceAttributes.objects.filter(**at).select_related("local_area").first()
    if said is None:
        return ResourceFacts(key, sc_id)
    local = said.local_area.code if said.local_area else ""
    return ResourceFacts(key, sc_id, said.name, said.pmax_mw, local)


def sc_of_resource(resource_id: int, day: date, known_at: datetime) -> int | None:
    """Return the key of the SC a resource belongs to on a day, or None."""
    rows = ScAssociation.objects.filter(
        resource_id=resource_id, valid__contains=day, known__contains=known_at
    )
    return rows.values_list("sc_id", flat=True).first()


def tac_of_local_area() -> dict[str, str]:
    """Return the TAC area code of each local area."""
    rows = LocalArea.objects.exclude(code="CAISO_SYSTEM")
    return dict(rows.values_list("code", "tac_area__code"))


@dataclass(frozen=True)
class AttributesNow:
    """What is on file of a resource on a day; ``until`` is the day the attributes change next."""

    name: str
    pmax: int
    pmin: int | None
    tac: str
    local: str | None
    sc_id: int | None
    until: date = FAR_FUTURE
    sc_until: date = FAR_FUTURE


def attributes_on(day: date) -> dict[int, AttributesNow]:
    """Return what is on file of every resource on a day as known now, MW in stored steps."""
    at = {"valid__contains": day, "known__contains": FAR_MOMENT}
    scs = {a.resource_id: a for a in ScAssociation.objects.filter(**at)}
    found = {}
    rows = ResourceAttributes.objects.filter(**at).select_related("tac_area", "local_area")
    for row in rows:
        sc = scs.get(row.resource_id)
        found[row.resource_id] = AttributesNow(
            row.name,
            MW.to_scaled(row.pmax_mw),
            MW.to_scaled(row.pmin_mw) if row.pmin_mw is not None else None,
            row.tac_area.code,
            row.local_area.code if row.local_area else None,
            sc.sc_id if sc else None,
            row.span.end,
            sc.span.end if sc else FAR_FUTURE,
        )
    return found


def resource_codes(keys: set[int]) -> dict[int, str]:
    """Return the IDs of resources by key."""
    return dict(Resource.objects.filter(pk__in=keys).values_list("pk", "code"))


def last_sc_of(code: str) -> int | None:
    """Return the key of the SC a resource is last associated with, as known now, or None."""
    rows = ScAssociation.objects.filter(resource__code=code, known__contains=FAR_MOMENT)
    return rows.order_by("-valid").values_list("sc_id", flat=True).first()


def scs_over(keys: set[int], span: Span) -> dict[int, list[tuple[str, Span]]]:
    """Return the SCs of resources with their days, as known now, where they overlap a span."""
    rows = ScAssociation.objects.filter(
        resource_id__in=keys, known__contains=FAR_MOMENT, valid__overlap=(span.first, span.end)
    ).select_related("sc")
    found: dict[int, list[tuple[str, Span]]] = {}
    for row in rows:
        found.setdefault(row.resource_id, []).append((row.sc.code, row.span))
    return found
