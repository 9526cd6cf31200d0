"""Contracts on a day: their terms, and what they owe, for bids, availability and payment alike."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.platform.core.tradetime import Span, changes_within
from apps.platform.parameters.selectors import parameter_set
from apps.reference.resources.selectors import first_pmax_beside, pmax_beside, pmax_spans
from apps.reliability.designations.models import CapacityByTac, ContractPrice, RmrContract
from apps.reliability.designations.rules import (
    SMALLER_PMAX,
    contract_capacity,
    most_owed,
    owed_capacity,
)
from apps.reliability.designations.selectors.reading import PARAMETERS


@dataclass(frozen=True)
class ContractOnDay:
    """A contract with its price and capacity on one day, and the terms they come from.

    ``capacity``: what is owed, see ``owed_capacity``. ``filed_mw``: what the terms say.
    """

    contract: RmrContract
    price: ContractPrice | None
    capacity: tuple[CapacityByTac, ...]
    filed_mw: Decimal

    def priced(self, price: Decimal) -> ContractPrice:
        """Return a price that is not on file, to ask what it would do."""
        return ContractPrice(contract_no=self.contract.contract_no, price=price)

    @property
    def owed_mw(self) -> Decimal:
        """MW owed: the larger of the two obligation types, which are the same megawatts."""
        return Decimal(contract_capacity((c.obligation_type, c.mw) for c in self.capacity))


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
    contracts = (
        RmrContract.objects.filter(**at)
        .select_related("resource", "local_area")
        .annotate(
            pmax=pmax_beside("resource_id", day, known_at),
            pmax_of_terms=first_pmax_beside("resource_id", "valid", known_at),
        )
    )
    bounds = bool(pmax_bounds(Span.through(day, day), known_at))
    found = []
    for c in contracts.order_by("resource__code"):
        rows = capacity_of.get(c.contract_no, [])
        most = most_owed(pmax_of_terms=c.pmax_of_terms, pmax=c.pmax) if bounds else None
        filed = Decimal(contract_capacity((r.obligation_type, r.mw) for r in rows))
        found.append(ContractOnDay(c, price_of.get(c.contract_no), tuple(_owed(rows, most)), filed))
    return found


def _owed(rows: list[CapacityByTac], most: Decimal | None) -> list[CapacityByTac]:
    if most is None:
        return rows
    owed = owed_capacity({(r.tac_area.code, r.obligation_type): r.mw for r in rows}, most)
    found = []
    for row in rows:
        told = copy(row)
        told.mw = owed[row.tac_area.code, row.obligation_type]
        found.append(told)
    return found


def pmax_bounds(within: Span, known_at: datetime) -> list[Span]:
    """Return the days of a span on which a smaller Pmax bounds what is owed (``rmr.smaller_pmax``).

    Days for which nothing was known of the parameter are not among them: they were settled as the
    terms say.
    """
    params = parameter_set(parameters=(SMALLER_PMAX,), span=within, known_at=known_at)
    return [
        Span(max(v.span.first, within.first), min(v.span.end, within.end))
        for v in params.values.get(SMALLER_PMAX.name, ())
        if v.text == "BOUNDED"
    ]


def lowered_pmax(
    contracts: Iterable[RmrContract], known_at: datetime
) -> dict[str, list[tuple[Span, Decimal]]]:
    """Return, by contract, the days on which Pmax bounds what it owes, in MW."""
    listed = list(contracts)
    on_file = pmax_spans({c.resource_id for c in listed}, known_at)
    found: dict[str, list[tuple[Span, Decimal]]] = {}
    for c in listed:
        held = on_file.get(c.resource_id, [])
        of_terms = next((mw for span, mw in held if span.end > c.span.first), None)
        for span, mw in held:
            most = most_owed(pmax_of_terms=of_terms, pmax=mw)
            if most is not None and span.overlaps(c.span):
                days = Span(max(span.first, c.span.first), min(span.end, c.span.end))
                held_to = [(part, most) for part in pmax_bounds(days, known_at)]
                found.setdefault(c.contract_no, []).extend(held_to)
    return found


def obligations_on(day: date, known_at: datetime) -> dict[int, Decimal]:
    """Return the MW each resource under an RMR contract owes on a day, as known at a moment.

    Bids, availability and payment read the same. Source: BRQ-0020, BRQ-0048.
    """
    return {c.contract.resource_id: c.owed_mw for c in on_day(day, known_at) if c.capacity}


def contract_changes(within: Span, known_at: datetime) -> set[date]:
    """Return the days of a span from which contracts, what they owe or the cutoff are other ones.

    Between two of them ``on_day``, prices apart, and ``conditions_on`` say the same each day.
    """
    found: set[date] = set()
    near: dict[str, Any] = {
        "known__contains": known_at,
        "valid__overlap": (within.first, within.end),
    }
    contracts = list(RmrContract.objects.filter(**near))
    capacity = CapacityByTac.objects.filter(**near).values_list("valid", flat=True).distinct()
    for v in (*(c.valid for c in contracts), *capacity):
        found |= changes_within([(v.lower, v.upper)], within)
    for bounds in lowered_pmax(contracts, known_at).values():
        found |= changes_within([(s.first, s.end) for s, _ in bounds], within)
    params = parameter_set(parameters=PARAMETERS, span=within, known_at=known_at)
    values = [v.span for held in params.values.values() for v in held]
    return found | changes_within([(s.first, s.end) for s in values], within)
