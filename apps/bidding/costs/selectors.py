"""Reads of calculated costs: for people by viewer, and the newest figures of a trade date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from apps.bidding.costs.codes import CURVES, DAILY_COSTS, FUEL_REGIONS, IN_EFFECT, REFERENCE_BIDS
from apps.bidding.costs.models import (
    AdderProposal,
    AllowancePrice,
    CommitmentCostLine,
    CommitmentInput,
    CostAdder,
    CostRate,
    CostViolation,
    DebSegment,
    FuelPrice,
    FuelRegion,
    ReferenceLevelRequest,
    ReferencePoint,
    ReferenceUnit,
    RegionProposal,
    RegionScalar,
    TransitionCost,
)
from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.core.violations import Severity
from apps.platform.runs.models import Result, Run
from apps.platform.uploads.selectors import current_version
from apps.reference.resources.codes import EVER
from apps.reference.resources.selectors import own_resources_now


def _own(rows: QuerySet[Any], viewer: Viewer, *, shared: bool = False) -> QuerySet[Any]:
    """Narrow rows to an SC's resources; ``shared``: rows of no resource are everybody's."""
    if viewer.is_iso:
        return rows
    own = Q(resource_id__in=own_resources_now(viewer))
    if shared:
        own |= Q(resource_id__isnull=True)
    return rows.filter(own) if viewer.is_sc else rows.none()


def fuel_regions(*, viewer: Viewer) -> QuerySet[FuelRegion]:
    """Return the published fuel regions in their newest version."""
    return FuelRegion.objects.filter(dataset_version=current_version(FUEL_REGIONS.name, EVER))


def region_scalars(*, viewer: Viewer) -> QuerySet[RegionScalar]:
    """Return regions with their own index and volatility scalar, in all versions."""
    return RegionScalar.objects.select_related("proposed_by", "approved_by")


def fuel_prices(*, viewer: Viewer) -> QuerySet[FuelPrice]:
    """Return fuel prices, which are published."""
    return FuelPrice.objects.all()


def allowance_prices(*, viewer: Viewer) -> QuerySet[AllowancePrice]:
    """Return allowance prices, which are published."""
    return AllowancePrice.objects.all()


def rates(*, viewer: Viewer) -> QuerySet[CostRate]:
    """Return rates; an SC sees common ones and those of its own resources."""
    return _own(CostRate.objects.all(), viewer, shared=True)


def commitment_inputs(*, viewer: Viewer) -> QuerySet[CommitmentInput]:
    """Return commitment cost inputs by the day they begin; an SC sees its own resources."""
    return _own(CommitmentInput.objects.all(), viewer)


def adders(*, viewer: Viewer) -> QuerySet[CostAdder]:
    """Return cost adders in all versions; an SC sees its own resources."""
    return _own(CostAdder.objects.select_related("resource"), viewer)


def adder_proposals(*, viewer: Viewer) -> QuerySet[AdderProposal]:
    """Return proposed adders; an SC sees those of its own resources."""
    rows = AdderProposal.objects.select_related("resource", "opened_by", "decided_by")
    return _own(rows, viewer)


def region_proposals(*, viewer: Viewer) -> QuerySet[RegionProposal]:
    """Return proposed fuel regions, which the ISO's people see."""
    rows = RegionProposal.objects.select_related("opened_by", "decided_by")
    return rows if viewer.is_iso else rows.none()


def reference_units(*, viewer: Viewer) -> QuerySet[ReferenceUnit]:
    """Return the units of published heat-rate files, newest version of each file."""
    return _newest_files(ReferenceUnit.objects.all())


def reference_points(*, viewer: Viewer) -> QuerySet[ReferencePoint]:
    """Return the points of published heat-rate files, newest version of each file."""
    return _newest_files(ReferencePoint.objects.all())


def _newest_files(rows: QuerySet[Any]) -> QuerySet[Any]:
    versions = [current_version(d.name, EVER) for d in CURVES.values()]
    return rows.filter(dataset_version_id__in=[v.pk for v in versions if v])


def sealed_run(kind: str, day: date, known_at: datetime = FAR_MOMENT) -> Run | None:
    """Return the newest run of a kind for a trade date sealed by a moment, or None."""
    return (
        Run.objects.filter(
            kind=kind, trade_date=day, state__in=["SEALED", "PUBLISHED"], sealed_at__lte=known_at
        )
        .order_by("-version")
        .first()
    )


def errors_of_run(run: Run) -> QuerySet[CostViolation]:
    """Return what a run of costs could not calculate, by resource. For the ISO."""
    return CostViolation.objects.filter(run=run, severity=Severity.ERROR).order_by("unit", "pk")


def newest_runs(*kinds: str) -> QuerySet[Run]:
    """Return the newest sealed run of each trade date, by kind."""
    return (
        Run.objects.filter(kind__in=kinds, state__in=["SEALED", "PUBLISHED"])
        .order_by("kind", "trade_date", "-version")
        .distinct("kind", "trade_date")
    )


def _newest(model: type[Result], *kinds: str) -> QuerySet[Any]:
    return model._default_manager.filter(run_id__in=newest_runs(*kinds).values("pk"))


def debs(*, viewer: Viewer) -> QuerySet[DebSegment]:
    """Return default energy bids of the newest runs; an SC sees its own resources."""
    return _own(_newest(DebSegment, DAILY_COSTS), viewer)


def reference_debs(*, viewer: Viewer) -> QuerySet[DebSegment]:
    """Return bids computed of published heat-rate curves, which belong to nobody."""
    return _newest(DebSegment, REFERENCE_BIDS)


def transition_costs(*, viewer: Viewer) -> QuerySet[TransitionCost]:
    """Return upward transitions of the newest runs; an SC sees its own resources."""
    return _own(_newest(TransitionCost, DAILY_COSTS), viewer)


def commitment_costs(*, viewer: Viewer) -> QuerySet[CommitmentCostLine]:
    """Return proxy commitment costs of the newest runs; an SC sees its own resources."""
    return _own(_newest(CommitmentCostLine, DAILY_COSTS), viewer)


def cost_violations(*, viewer: Viewer) -> QuerySet[CostViolation]:
    """Return what the newest runs remarked; an SC sees its own resources."""
    return _own(_newest(CostViolation, DAILY_COSTS, REFERENCE_BIDS), viewer)


def requests(*, viewer: Viewer) -> QuerySet[ReferenceLevelRequest]:
    """Return reference level requests; an SC sees its own."""
    rows = ReferenceLevelRequest.objects.select_related("resource", "sc", "opened_by", "decided_by")
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def deb_steps(resource_id: int, day: date, config: str = "") -> list[DebSegment]:
    """Return the default energy bid of a resource on a trade date from the newest run."""
    run = sealed_run(DAILY_COSTS, day)
    return list(
        DebSegment.objects.filter(run=run, resource_id=resource_id, config=config).order_by(
            "segment_no"
        )
    )


def approved_energy(
    resource_id: int, day: date, market: str, config: str, first_hour: int, last_hour: int
) -> list[tuple[Decimal, Decimal]]:
    """Return (MW, $/MWh) of reference levels approved before the market that cover all hours."""
    rows = ReferenceLevelRequest.objects.filter(
        resource_id=resource_id,
        trade_date=day,
        market=market,
        config=config,
        timing="EX_ANTE",
        cost_type="ENERGY",
        state__in=IN_EFFECT,
        first_hour__lte=first_hour,
        last_hour__gte=last_hour,
        at_mw__isnull=False,
        approved__isnull=False,
    )
    found: Any = rows.values_list("at_mw", "approved")
    return list(found)


def proxy_costs(run: Run | None) -> list[tuple[int, str, str, str, Decimal]]:
    """Return (resource, cost, configuration, to configuration, $) of every proxy cost of a run."""
    rows = CommitmentCostLine.objects.filter(run=run).order_by("line_no")
    found: Any = rows.values_list("resource_id", "cost_type", "config", "to_config", "amount")
    return list(found)


def commitment_lines_of(run: Run | None, resource_ids: set[int]) -> list[Any]:
    """Return the proxy commitment costs of some resources from a run, as named rows."""
    rows = CommitmentCostLine.objects.filter(run=run, resource_id__in=resource_ids)
    return list(
        rows.order_by("resource_id", "cost_type", "config", "to_config").values_list(
            "resource_id", "cost_type", "config", "to_config", "amount", named=True
        )
    )


def deb_rows_of(run: Run | None, resource_ids: set[int]) -> list[Any]:
    """Return the default energy bids of some resources from a run, as named rows."""
    rows = DebSegment.objects.filter(run=run, resource_id__in=resource_ids)
    return list(
        rows.order_by("resource_id", "config", "segment_no").values_list(
            "resource_id",
            "config",
            "segment_no",
            "trade_date",
            "from_mw",
            "to_mw",
            "fuel",
            "published",
            named=True,
        )
    )


def opportunity_costs(resource_id: int, day: date) -> list[CostAdder]:
    """Return the opportunity cost adders of a resource on a day as known now (BRQ-0521)."""
    rows = CostAdder.objects.filter(
        resource_id=resource_id,
        kind__startswith="OC_",
        valid__contains=day,
        known__contains=FAR_MOMENT,
    )
    return list(rows.order_by("kind", "config", "to_config"))


def broadcast_transitions(run: Run | None) -> list[TransitionCost]:
    """Return the transitions of a run that have a value."""
    rows = TransitionCost.objects.filter(run=run, broadcast=True)
    return list(rows.order_by("unit", "from_config", "to_config"))


def granted_levels(day: date, known_at: datetime) -> list[ReferenceLevelRequest]:
    """Return the reference levels of a trade date accepted, capped or approved by a moment.

    What is granted stays granted, so a moment has the same answer ever after.
    """
    return granted_levels_over([day], known_at)[day]


def granted_levels_over(
    days: Iterable[date], known_at: datetime
) -> dict[date, list[ReferenceLevelRequest]]:
    """Return ``granted_levels`` of each of some trade dates, in one query."""
    found: dict[date, list[ReferenceLevelRequest]] = {day: [] for day in days}
    rows = ReferenceLevelRequest.objects.filter(
        trade_date__in=list(found), state__in=IN_EFFECT, decided_at__lte=known_at
    )
    for row in rows.select_related("resource", "sc").order_by("resource__code", "pk"):
        found[row.trade_date].append(row)
    return found


def granted_by_key(request_ids: list[int]) -> list[ReferenceLevelRequest]:
    """Return commitment costs approved, by the number of their request (BRQ-0095)."""
    rows = ReferenceLevelRequest.objects.filter(pk__in=request_ids, approved__isnull=False)
    return list(rows.exclude(cost_type="ENERGY").order_by("pk"))
