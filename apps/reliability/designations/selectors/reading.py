"""Reads of RMR contracts: for people by viewer, and for a day as known at a moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import polars as pl
from django.db.models import (
    Case,
    CharField,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from apps.platform.accounts.rules import Viewer
from apps.platform.core.effective import ParameterMissing, ParameterSet
from apps.platform.core.quantity import MW, USD, USD_PER_MW_DAY
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.platform.parameters.selectors import parameter_set
from apps.reference.resources.codes import CreditLabel, Raaim, Vintage
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF
from apps.reference.resources.selectors import own_days
from apps.reliability.designations.codes import Nonperformance
from apps.reliability.designations.models import (
    CapacityByTac,
    CapacityPayload,
    ContractPrice,
    ContractProposal,
    Designation,
    DesignationEnding,
    PayloadPublication,
    PmaxChange,
    PriceChange,
    PublicFact,
    RmrContract,
    StudyFinding,
)
from apps.reliability.designations.rules import PMAX_TOLERANCE, SMALLER_PMAX
from apps.reliability.designations.selectors.disclosing import (
    open_contracts,
    told_of_every_contract,
)

PARAMETERS = (NEW_TARIFF_CUTOFF, PMAX_TOLERANCE, SMALLER_PMAX)
NOW = FAR_MOMENT


def _readable(viewer: Viewer) -> QuerySet[RmrContract]:
    """Return the contracts an SC reads: of its own resources' days, and those that are open."""
    if not viewer.is_sc:
        return RmrContract.objects.none()
    if told_of_every_contract():
        return RmrContract.objects.all()
    own = Q(Exists(own_days(viewer, "valid")))
    return RmrContract.objects.filter(own | Q(contract_no__in=open_contracts()))


def own_contracts(*, viewer: Viewer) -> QuerySet[RmrContract]:
    """Return the contracts of days on which an SC has the resource, whatever else it may read."""
    own = Exists(own_days(viewer, "valid"))
    return contracts(viewer=viewer).filter(own) if viewer.is_sc else RmrContract.objects.none()


@implements("BRQ-0057", source="BRS 1.2 revision history")
def contracts(*, viewer: Viewer) -> QuerySet[RmrContract]:
    """Return contracts with what is derived of them.

    An SC sees those of its own resources' days, and open ones (``open_contracts``). Market
    monitoring reads every contract, as all of the ISO does (BRQ-0057).
    """
    rows = RmrContract.objects.all() if viewer.is_iso else _readable(viewer)
    newer = Q(effective_date__gte=cutoff_now())
    measured = newer & ~Q(nonperformance=Nonperformance.ALTERNATIVE.value)
    return rows.annotate(
        vintage=_either(newer, Vintage.NEW, Vintage.LEGACY),
        label=_either(newer, CreditLabel.RMR, CreditLabel.RMRL),
        raaim=_either(measured, Raaim.SUBJECT, Raaim.EXEMPT),
    )


def cutoff_now() -> date:
    """Return the first effective date of the new tariff as the parameter says it last."""
    last = date(2100, 12, 31)
    try:
        found: date = rules_of(last).at(NEW_TARIFF_CUTOFF, last)
    except ParameterMissing:
        return date.max
    return found


def _either(condition: Q, one: StrEnum, other: StrEnum) -> Case:
    return Case(
        When(condition, then=Value(one.value)), default=Value(other.value), output_field=CharField()
    )


def prices(*, viewer: Viewer) -> QuerySet[ContractPrice]:
    """Return contract prices; an SC sees those of its own resources and of open contracts."""
    rows = ContractPrice.objects.all()
    if viewer.is_iso:
        return rows
    return rows.filter(contract_no__in=_readable(viewer).values("contract_no"))


def capacities(*, viewer: Viewer) -> QuerySet[CapacityByTac]:
    """Return capacity by TAC area; an SC sees that of its own resources and of open contracts."""
    rows = CapacityByTac.objects.all()
    if viewer.is_iso:
        return rows
    return rows.filter(contract_no__in=_readable(viewer).values("contract_no"))


def rules_of(day: date, known_at: datetime | None = None) -> ParameterSet:
    """Return the parameters that checks of contracts ask, as known now or at a moment."""
    return parameter_set(
        parameters=PARAMETERS,
        span=Span.through(day.replace(month=1, day=1), day),
        known_at=known_at or NOW,
    )


def conditions_on(day: date, known_at: datetime) -> list[tuple[int, date, str | None]]:
    """Return (resource, effective date, condition) of every RMR contract in force on a day."""
    rows = RmrContract.objects.filter(valid__contains=day, known__contains=known_at)
    return list(
        rows.order_by("resource__code").values_list("resource_id", "effective_date", "condition")
    )


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
        (p.contract_no, p.span): p for p in ContractPrice.objects.filter(known__contains=NOW)
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
        price = price_of.get((cap.contract_no, cap.span))
        afrr: Decimal | None = price.afrr if price else None
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
                "price": USD_PER_MW_DAY.to_scaled(price.price) if price and not afrr else None,
                "tac_area": cap.tac_area.code,
                "obligation_type": cap.obligation_type,
                "mw": MW.to_scaled(cap.mw),
                "nonperformance": contract.nonperformance,
                "afrr": USD.to_scaled(afrr) if afrr else None,
                "penalty": contract.penalty or None,
                "mw_override": contract.mw_override or None,
                "ferc_docket": contract.ferc_docket or None,
                "ferc_approved": contract.ferc_approved_on,
                "source": cap.reference,
            }
        )
    return pl.DataFrame(
        rows,
        schema={
            "contract_id": pl.String,
            "resource_id": pl.String,
            "effective_date": pl.Date,
            "condition": pl.String,
            "start_date": pl.Date,
            "end_date": pl.Date,
            "scope": pl.String,
            "local_area": pl.String,
            "price": pl.Int64,
            "tac_area": pl.String,
            "obligation_type": pl.String,
            "mw": pl.Int64,
            "nonperformance": pl.String,
            "afrr": pl.Int64,
            "penalty": pl.String,
            "mw_override": pl.String,
            "ferc_docket": pl.String,
            "ferc_approved": pl.Date,
            "source": pl.String,
        },
    )


def _iso_only(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    return rows if viewer.is_iso else rows.none()


def study_findings(*, viewer: Viewer) -> QuerySet[StudyFinding]:
    """Return study findings, which the ISO's people see."""
    rows = StudyFinding.objects.select_related("notice__resource", "opened_by")
    return _iso_only(rows, viewer)


def has_finding(resource_id: int) -> bool:
    """Whether a study on file found a resource needed (BRQ-0015)."""
    rows = StudyFinding.objects.filter(notice__resource_id=resource_id, state="ON_FILE")
    return rows.exclude(needs=[]).exists()


def designations(*, viewer: Viewer) -> QuerySet[Designation]:
    """Return designations with their vintage; an SC sees decided ones of its own resources."""
    rows = Designation.objects.select_related(
        "resource", "local_area", "opened_by", "decided_by"
    ).annotate(vintage=_either(Q(effective_date__gte=cutoff_now()), Vintage.NEW, Vintage.LEGACY))
    if viewer.is_iso:
        return rows.select_related("notice", "finding")
    if not viewer.is_sc:
        return rows.none()
    # findings and other SCs' notices are not to be seen here: a row joined to one would be left out
    decided = rows.filter(state__in=["DESIGNATED", "LAPSED", "TERMINATED"])
    return decided.filter(Exists(own_days(viewer, "period")))


def endings(*, viewer: Viewer) -> QuerySet[DesignationEnding]:
    """Return endings of designations, which the ISO's people see."""
    rows = DesignationEnding.objects.select_related("designation__resource", "opened_by")
    return _iso_only(rows, viewer)


def contract_proposals(*, viewer: Viewer) -> QuerySet[ContractProposal]:
    """Return proposed contract terms, which the ISO's people see."""
    rows = ContractProposal.objects.select_related("designation__resource", "opened_by")
    return _iso_only(rows, viewer)


def price_changes(*, viewer: Viewer) -> QuerySet[PriceChange]:
    """Return price changes, which the ISO's people see."""
    return _iso_only(PriceChange.objects.select_related("opened_by", "decided_by"), viewer)


def pmax_changes(*, viewer: Viewer) -> QuerySet[PmaxChange]:
    """Return changes of Pmax, which the ISO's people see."""
    return _iso_only(PmaxChange.objects.select_related("resource", "opened_by"), viewer)


def payloads(*, viewer: Viewer) -> QuerySet[CapacityPayload]:
    """Return every version of what settlements were told; an SC sees its own days."""
    rows = CapacityPayload.objects.all()
    if viewer.is_iso:
        return rows
    return rows.filter(Exists(own_days(viewer, "trade_date"))) if viewer.is_sc else rows.none()


def newest_payloads(*, viewer: Viewer) -> QuerySet[CapacityPayload]:
    """Return the payload in force: of each place its newest version."""
    newer = (
        CapacityPayload.objects.filter(
            resource_id=OuterRef("resource_id"),
            trade_date=OuterRef("trade_date"),
            tac_area_id=OuterRef("tac_area_id"),
            obligation_type=OuterRef("obligation_type"),
        )
        .order_by()
        .values("resource_id")
        .annotate(newest=Max("version"))
        .values("newest")
    )
    return payloads(viewer=viewer).filter(version=Subquery(newer[:1]))


def publications(*, viewer: Viewer) -> QuerySet[PayloadPublication]:
    """Return acts of publishing, which the ISO's people see."""
    return _iso_only(PayloadPublication.objects.all(), viewer)


def public_facts(*, viewer: Viewer) -> QuerySet[PublicFact]:
    """Return facts of public record in their newest version."""
    newest = PublicFact.objects.aggregate(newest=Max("dataset_version_id"))["newest"]
    return _iso_only(PublicFact.objects.filter(dataset_version_id=newest), viewer)


def contracts_of(case: Designation) -> QuerySet[RmrContract]:
    """Return the contract terms known now that run on days of a designation, in their order."""
    return RmrContract.objects.filter(
        resource_id=case.resource_id, known__contains=NOW, valid__overlap=case.period
    ).order_by("valid")


def prices_over(first: date, last: date, known_at: datetime) -> list[tuple[int, Span, Decimal]]:
    """Return (resource, days, $/MW-day) of every contract price that touches a span of days."""
    keys = dict(
        RmrContract.objects.filter(
            valid__overlap=(first, last + timedelta(days=1)), known__contains=known_at
        ).values_list("contract_no", "resource_id")
    )
    rows = ContractPrice.objects.filter(
        contract_no__in=keys,
        valid__overlap=(first, last + timedelta(days=1)),
        known__contains=known_at,
    ).order_by("contract_no", "valid")
    return [(keys[p.contract_no], p.span, p.price) for p in rows]
