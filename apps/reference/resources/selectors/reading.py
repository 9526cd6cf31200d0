"""Reads of resources for people, by viewer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, Model, OuterRef, Q, QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import FAR_MOMENT, Span, changes_within
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import current_version, in_force
from apps.reference.resources.codes import EVER, FORMER_IDS, NQC_BY_MONTH, PUBLIC_NQC
from apps.reference.resources.models import (
    CapabilityListing,
    EffectiveFlexibleCapacity,
    FormerResourceId,
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

Row = TypeVar("Row", bound=Model)


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


def _scoped(rows: QuerySet[Row], viewer: Viewer) -> QuerySet[Row]:
    if viewer.is_iso:
        return rows
    return rows.filter(resource_id__in=own_resource_ids(viewer)) if viewer.is_sc else rows.none()


def attributes(*, viewer: Viewer) -> QuerySet[ResourceAttributes]:
    """Return attributes as known in all versions; an SC sees its own resources."""
    rows = ResourceAttributes.objects.select_related("resource").annotate(in_force=known_now())
    return _scoped(rows, viewer)


def known_now() -> ExpressionWrapper[Any]:
    """Whether a value by date is what is known now; a later one has replaced the others."""
    return ExpressionWrapper(Q(known__upper_inf=True), output_field=BooleanField())


def associations(*, viewer: Viewer) -> QuerySet[ScAssociation]:
    """Return which SC each resource belongs to; an SC sees its own spans only."""
    rows = ScAssociation.objects.select_related("resource", "sc").annotate(in_force=known_now())
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
    return CapabilityListing.objects.annotate(in_force=in_force())


def nqc_entries(*, viewer: Viewer) -> QuerySet[NqcListEntry]:
    """Return the static columns of the public NQC list, which is public."""
    return NqcListEntry.objects.annotate(in_force=in_force())


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
    rows = NetQualifyingCapacity.objects.annotate(in_force=in_force())
    if viewer.is_iso:
        return rows
    public = Q(dataset_version__dataset=PUBLIC_NQC.name)
    if viewer.is_sc:
        return rows.filter(public | Q(resource_id__in=own_resource_ids(viewer)))
    return rows.filter(public)


def efcs(*, viewer: Viewer) -> QuerySet[EffectiveFlexibleCapacity]:
    """Return the EFC list; an SC sees its own resources."""
    return _scoped(EffectiveFlexibleCapacity.objects.annotate(in_force=in_force()), viewer)


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


def former_ids(*, viewer: Viewer) -> QuerySet[FormerResourceId]:
    """Return the former IDs of resources, which are public; the newest file holds them all."""
    return FormerResourceId.objects.annotate(in_force=in_force())


def former_ids_now() -> dict[str, str]:
    """Return the ID of today by former ID."""
    version = current_version(FORMER_IDS.name, EVER)
    rows = FormerResourceId.objects.filter(dataset_version=version) if version else None
    return dict(rows.values_list("former_id", "resource__code")) if rows is not None else {}


def known_ids() -> KnownIds:
    """Return the IDs on file, to be asked what another one means."""
    return KnownIds(Resource.objects.values_list("code", flat=True), former_ids_now())


def did_you_mean(code: str) -> str:
    """Return a question for the known ID that an unknown one resembles, with a blank before it."""
    known = known_ids() if code and not resource_ids({code}) else None
    return known.meaning(code).question if known else ""


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
