"""Reads of resources: for people by viewer, and as known at a moment for calculations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db.models import OuterRef, Q, QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.kernel.quantity import MW
from apps.platform.kernel.tradetime import FAR_FUTURE, FAR_MOMENT, Span, changes_within
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import current_version
from apps.reference.resources.models import (
    CapabilityListing,
    EffectiveFlexibleCapacity,
    LocalArea,
    NetQualifyingCapacity,
    NqcByMonth,
    NqcListEntry,
    Resource,
    ResourceAttributes,
    ScAssociation,
    TacArea,
)
from apps.reference.resources.rules import KnownIds
from apps.reference.resources.terms import MONTHS, NQC_BY_MONTH, PUBLIC_NQC, RMR_NQC_EFC


def own_resource_ids(viewer: Viewer) -> QuerySet[ScAssociation, Any]:
    """Return the resources that are, or were, an SC's."""
    return ScAssociation.objects.filter(sc_id=viewer.party_id).values("resource_id")


def own_days(viewer: Viewer, days: str) -> QuerySet[ScAssociation]:
    """Return the associations by which a row's resource is an SC's on some of the row's days.

    days: the outer row's field of one day, or of a span of days. For use in ``Exists``.
    """
    lookup = "valid__contains" if days.endswith("_date") else "valid__overlap"
    return ScAssociation.objects.filter(
        resource_id=OuterRef("resource_id"),
        sc_id=viewer.party_id,
        known__contains=FAR_MOMENT,
        **{lookup: OuterRef(days)},
    )


def own_resources_now(viewer: Viewer) -> QuerySet[ScAssociation, Any]:
    """Return the resources that are, were or will be an SC's as known now."""
    return ScAssociation.objects.filter(sc_id=viewer.party_id, known__contains=FAR_MOMENT).values(
        "resource_id"
    )


def _scoped(rows: QuerySet, viewer: Viewer) -> QuerySet:  # type: ignore[type-arg]
    if viewer.is_iso:
        return rows
    return rows.filter(resource_id__in=own_resource_ids(viewer)) if viewer.is_sc else rows.none()


def attributes(*, viewer: Viewer) -> QuerySet[ResourceAttributes]:
    """Return attributes as known in all versions; an SC sees its own resources."""
    return _scoped(ResourceAttributes.objects.select_related("resource"), viewer)


def associations(*, viewer: Viewer) -> QuerySet[ScAssociation]:
    """Return which SC each resource belongs to; an SC sees its own spans only."""
    rows = ScAssociation.objects.select_related("resource", "sc")
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def resources_with_a_page(*, viewer: Viewer, among: Iterable[int]) -> set[int]:
    """Return which of some resources have a page that the viewer may open."""
    keys = set(among)
    if not keys:
        return set()
    rows: list[QuerySet[Any]] = [attributes(viewer=viewer), associations(viewer=viewer)]
    return {
        key
        for found in rows
        for key in found.filter(resource_id__in=keys).values_list("resource_id", flat=True)
    }


def capability_listings(*, viewer: Viewer) -> QuerySet[CapabilityListing]:
    """Return the public capability list."""
    return CapabilityListing.objects.all()


def nqc_entries(*, viewer: Viewer) -> QuerySet[NqcListEntry]:
    """Return the static columns of the public NQC list, which is public."""
    return NqcListEntry.objects.all()


def nqc_by_month(*, viewer: Viewer) -> QuerySet[NqcByMonth]:
    """Return NQC and Pmax by month as printed, in their newest version."""
    newest = (
        DatasetVersion.objects.filter(dataset=NQC_BY_MONTH.name)
        .order_by("period", "-version")
        .distinct("period")
    )
    return NqcByMonth.objects.filter(dataset_version_id__in=[v.pk for v in newest])


def nqcs(*, viewer: Viewer) -> QuerySet[NetQualifyingCapacity]:
    """Return NQC rows: those of the public list for all, those of RMR uploads by owner."""
    rows = NetQualifyingCapacity.objects.all()
    if viewer.is_iso:
        return rows
    public = Q(dataset_version__dataset=PUBLIC_NQC.name)
    if viewer.is_sc:
        return rows.filter(public | Q(resource_id__in=own_resource_ids(viewer)))
    return rows.filter(public)


def efcs(*, viewer: Viewer) -> QuerySet[EffectiveFlexibleCapacity]:
    """Return the EFC list; an SC sees its own resources."""
    return _scoped(EffectiveFlexibleCapacity.objects.all(), viewer)


def tac_areas() -> dict[str, int]:
    """Return the keys of TAC areas by code and by accepted alias."""
    found: dict[str, int] = {}
    for key, code, alias in TacArea.objects.values_list("pk", "code", "alias"):
        found[code] = key
        if alias:
            found[alias] = key
    return found


def tac_codes() -> dict[int, str]:
    """Return the codes of TAC areas by key."""
    return dict(TacArea.objects.values_list("pk", "code"))


def local_areas() -> dict[str, int]:
    """Return the keys of local areas by code."""
    return dict(LocalArea.objects.values_list("code", "pk"))


def resource_ids(codes: set[str] | None = None) -> dict[str, int]:
    """Return the keys of resources by ID."""
    rows = Resource.objects.all()
    if codes is not None:
        rows = rows.filter(code__in=codes)
    return dict(rows.values_list("code", "pk"))


def known_ids() -> KnownIds:
    """Return the IDs on file, to be asked what another one means."""
    return KnownIds(Resource.objects.values_list("code", flat=True))


def did_you_mean(code: str) -> str:
    """Return a question for the known ID that an unknown one resembles, with a blank before it."""
    known = known_ids() if code and not resource_ids({code}) else None
    return known.meaning(code).question if known else ""


def pmax_of(resource_keys: set[int], day: date, known_at: datetime) -> dict[int, Decimal]:
    """Return Pmax by resource on a day, as known at a moment; resources without one are absent."""
    rows = ResourceAttributes.objects.filter(
        resource_id__in=resource_keys, valid__contains=day, known__contains=known_at
    )
    found: Any = rows.values_list("resource_id", "pmax_mw")
    return dict(found)


def resource_changes(within: Span, known_at: datetime) -> set[date]:
    """Return the days of a span from which a resource has other attributes or another SC."""
    found: set[date] = set()
    for model in (ResourceAttributes, ScAssociation):
        rows = model._default_manager.filter(
            known__contains=known_at, valid__overlap=(within.first, within.end)
        )
        spans = [(v.lower, v.upper) for v in rows.values_list("valid", flat=True).distinct()]
        found |= changes_within(spans, within)
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


def attributes_frame(known_at: datetime) -> pl.DataFrame:
    """Return the attributes known at a moment under the upload's field names, to compare with."""
    associations_now = {
        (row.resource_id, row.span): row.sc.code
        for row in ScAssociation.objects.filter(known__contains=known_at).select_related("sc")
    }
    rows = [
        {
            "resource_id": row.resource.code,
            "resource_name": row.name,
            "pmax_mw": MW.to_scaled(row.pmax_mw),
            "pmin_mw": MW.to_scaled(row.pmin_mw) if row.pmin_mw is not None else None,
            "tac_area": row.tac_area.code,
            "local_area": row.local_area.code if row.local_area else None,
            "sc_id": associations_now.get((row.resource_id, row.span)),
            "effective_from": row.span.first,
            "effective_to": row.span.last if row.valid.upper else None,
            "source": row.reference,
        }
        for row in ResourceAttributes.objects.filter(known__contains=known_at).select_related(
            "resource", "tac_area", "local_area"
        )
    ]
    return pl.DataFrame(
        rows,
        schema={
            "resource_id": pl.String,
            "resource_name": pl.String,
            "pmax_mw": pl.Int64,
            "pmin_mw": pl.Int64,
            "tac_area": pl.String,
            "local_area": pl.String,
            "sc_id": pl.String,
            "effective_from": pl.Date,
            "effective_to": pl.Date,
            "source": pl.String,
        },
    )


def public_nqc_frame(period: str) -> pl.DataFrame | None:
    """Return the current public NQC list of a year, one row a resource, or None."""
    version = current_version(PUBLIC_NQC.name, period)
    if version is None:
        return None
    entries = NqcListEntry.objects.filter(dataset_version=version).values_list(
        "line_no",
        "resource__code",
        "generator_name",
        "path_designation",
        "local_area",
        "dispatchable",
        "deliverability",
        "deliverable_mw",
        "comments",
    )
    names = [
        "line",
        "resource_id",
        "generator_name",
        "path_designation",
        "local_area",
        "dispatchable",
        "deliverability",
        "deliverable_mw",
        "comments",
    ]
    head = pl.DataFrame(
        list(entries),
        orient="row",
        schema={n: pl.Int64 if n == "line" else pl.String for n in names},
    )
    values: Any = NetQualifyingCapacity.objects.filter(dataset_version=version).values_list(
        "line_no", "ra_month", "nqc_mw"
    )
    months: dict[str, dict[int, int]] = {m.lower(): {} for m in MONTHS}
    for line, month, value in values:
        months[MONTHS[month - 1].lower()][line] = MW.to_scaled(value)
    return head.with_columns(
        pl.col("line").replace_strict(by_line, default=None, return_dtype=pl.Int64).alias(name)
        if by_line
        else pl.lit(None, dtype=pl.Int64).alias(name)
        for name, by_line in months.items()
    )


def rmr_nqc_frame(period: str) -> pl.DataFrame | None:
    """Return the current RMR NQC/EFC rows of a year under the upload's field names, or None."""
    version = current_version(RMR_NQC_EFC.name, period)
    if version is None:
        return None
    efc = {
        (e.resource_id, e.ra_month): e
        for e in EffectiveFlexibleCapacity.objects.filter(dataset_version=version)
    }
    rows = []
    for nqc in NetQualifyingCapacity.objects.filter(dataset_version=version).select_related(
        "resource", "local_area"
    ):
        flex = efc.get((nqc.resource_id, nqc.ra_month))
        rows.append(
            {
                "resource_id": nqc.resource.code,
                "ra_year": nqc.ra_year,
                "ra_month": nqc.ra_month,
                "nqc_mw": MW.to_scaled(nqc.nqc_mw),
                "efc_mw": MW.to_scaled(flex.efc_mw) if flex else 0,
                "flex_category": flex.flex_category if flex else None,
                "local_area": nqc.local_area.code if nqc.local_area else None,
            }
        )
    return pl.DataFrame(
        rows,
        schema={
            "resource_id": pl.String,
            "ra_year": pl.Int64,
            "ra_month": pl.Int64,
            "nqc_mw": pl.Int64,
            "efc_mw": pl.Int64,
            "flex_category": pl.Int64,
            "local_area": pl.String,
        },
    )


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
