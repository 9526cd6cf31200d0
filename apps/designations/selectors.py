"""Reads of RMR contracts: for people by viewer, and for a day as known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import polars as pl
from django.db.models import Case, CharField, QuerySet, Value, When

from apps.accounts.rules import Viewer
from apps.designations.models import CapacityByTac, ContractPrice, RmrContract
from apps.designations.rules import PMAX_TOLERANCE
from apps.kernel.effective import ParameterMissing, ParameterSet
from apps.kernel.quantity import MW, USD_PER_MW_DAY
from apps.kernel.tradetime import FAR_MOMENT, Span
from apps.parameters.selectors import parameter_set
from apps.resources.rules import NEW_TARIFF_CUTOFF
from apps.resources.selectors import own_resource_ids
from apps.resources.terms import Vintage

PARAMETERS = (NEW_TARIFF_CUTOFF, PMAX_TOLERANCE)
NOW = FAR_MOMENT


@dataclass(frozen=True)
class ContractOnDay:
    """A contract with its price and capacity on one day, and the terms they come from."""

    contract: RmrContract
    price: ContractPrice | None
    capacity: tuple[CapacityByTac, ...]


def _own(viewer: Viewer) -> QuerySet[RmrContract]:
    return RmrContract.objects.filter(resource_id__in=own_resource_ids(viewer))


def contracts(*, viewer: Viewer) -> QuerySet[RmrContract]:
    """Return contracts with their derived vintage; an SC sees those of its own resources."""
    if viewer.is_iso:
        rows = RmrContract.objects.all()
    else:
        rows = _own(viewer) if viewer.is_sc else RmrContract.objects.none()
    try:
        cutoff = rules_of(date(2100, 12, 31)).at(NEW_TARIFF_CUTOFF, date(2100, 12, 31))
    except ParameterMissing:
        cutoff = date.max
    return rows.annotate(
        vintage=Case(
            When(effective_date__gte=cutoff, then=Value(Vintage.NEW.value)),
            default=Value(Vintage.LEGACY.value),
            output_field=CharField(),
        )
    )


def prices(*, viewer: Viewer) -> QuerySet[ContractPrice]:
    """Return contract prices; an SC sees those of its own resources."""
    rows = ContractPrice.objects.all()
    if viewer.is_iso:
        return rows
    own = _own(viewer).values("contract_no")
    return rows.filter(contract_no__in=own) if viewer.is_sc else rows.none()


def capacities(*, viewer: Viewer) -> QuerySet[CapacityByTac]:
    """Return capacity by TAC area; an SC sees that of its own resources."""
    rows = CapacityByTac.objects.all()
    if viewer.is_iso:
        return rows
    own = _own(viewer).values("contract_no")
    return rows.filter(contract_no__in=own) if viewer.is_sc else rows.none()


def rules_of(day: date, known_at: datetime | None = None) -> ParameterSet:
    """Return the parameters that checks of contracts ask, as known now or at a moment."""
    return parameter_set(
        parameters=PARAMETERS,
        span=Span.through(day.replace(month=1, day=1), day),
        known_at=known_at or NOW,
    )


def on_day(day: date, known_at: datetime) -> list[ContractOnDay]:
    """Return every RMR contract in force on a day as known at a moment, legacy included."""
    at = {"valid__contains": day, "known__contains": known_at}
    price_of = {p.contract_no: p for p in ContractPrice.objects.filter(**at)}
    capacity_of: dict[str, list[CapacityByTac]] = {}
    for row in (
        CapacityByTac.objects.filter(**at)
        .select_related("tac_area")
        .order_by("contract_no", "tac_area__code", "obligation_type")
    ):
        capacity_of.setdefault(row.contract_no, []).append(row)
    found = RmrContract.objects.filter(**at).select_related("resource", "local_area")
    return [
        ContractOnDay(c, price_of.get(c.contract_no), tuple(capacity_of.get(c.contract_no, ())))
        for c in found.order_by("resource__code")
    ]


def vintages(resource_ids: set[int], span: Span, cutoff: date) -> dict[int, date]:
    """Return the latest effective date of the RMR contracts that overlap a span, by resource."""
    rows = RmrContract.objects.filter(
        resource_id__in=resource_ids,
        valid__overlap=(span.first, span.end),
        known__contains=NOW,
    )
    return {r.resource_id: r.effective_date for r in rows.order_by("effective_date")}


def contract_frame() -> pl.DataFrame:
    """Return the contract terms known now under the upload's field names, to compare with."""

    price_of = {
        (p.contract_no, p.span): p.price for p in ContractPrice.objects.filter(known__contains=NOW)
    }
    contract_of = {
        (c.contract_no, c.span): c
        for c in RmrContract.objects.filter(known__contains=NOW).select_related(
            "resource", "local_area"
        )
    }
    rows = []
    for cap in CapacityByTac.objects.filter(known__contains=NOW).select_related("tac_area"):
        contract = contract_of.get((cap.contract_no, cap.span))
        if contract is None:
            continue
        price: Decimal | None = price_of.get((cap.contract_no, cap.span))
        rows.append(
            {
                "contract_id": cap.contract_no,
                "resource_id": contract.resource.code,
                "effective_date": contract.effective_date,
                "condition": contract.condition,
                "start_date": cap.span.first,
                "end_date": cap.span.last,
                "scope": contract.scope,
                "local_area": contract.local_area.code if contract.local_area else None,
                "price": USD_PER_MW_DAY.to_scaled(price) if price is not None else None,
                "tac_area": cap.tac_area.code,
                "obligation_type": cap.obligation_type,
                "mw": MW.to_scaled(cap.mw),
                "nonperformance": contract.nonperformance,
                "source": cap.reference,
            }
        )
    return pl.DataFrame(
        rows,
        schema={
            "contract_id": pl.String, "resource_id": pl.String, "effective_date": pl.Date,
            "condition": pl.String, "start_date": pl.Date, "end_date": pl.Date,
            "scope": pl.String, "local_area": pl.String, "price": pl.Int64,
            "tac_area": pl.String, "obligation_type": pl.String, "mw": pl.Int64,
            "nonperformance": pl.String, "source": pl.String,
        },
    )  # fmt: skip
