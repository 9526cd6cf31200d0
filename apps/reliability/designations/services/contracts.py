"""Let contract terms hold: the one way in, from a file or from the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.platform.accounts.models import User
from apps.platform.audit.services import supersede, term_end
from apps.platform.core.tradetime import Span
from apps.reference.resources.rules import KnownIds
from apps.reliability.designations.models import CapacityByTac, ContractPrice, RmrContract
from apps.reliability.designations.selectors import NOW


@dataclass(frozen=True)
class CapacityTerm:
    """Megawatts of one TAC area and obligation type, with the row of a file they stand in."""

    tac_area_id: int
    obligation_type: str
    mw: Decimal
    reference: str
    line_no: int | None = None


@dataclass(frozen=True)
class ContractTerms:
    """Everything a contract says over a span of trade dates."""

    contract_no: str
    span: Span
    contract: Mapping[str, Any]
    price: Mapping[str, Any] | None
    capacity: Sequence[CapacityTerm] = field(default_factory=list)
    line_no: int | None = None


@dataclass(frozen=True)
class Approval:
    """Who lets terms hold, since when, on which ground."""

    known_from: datetime
    proposed_by: User
    approved_by: User
    reference: str
    version: Any = None

    def words(self, line_no: int | None, reference: str = "") -> dict[str, Any]:
        """Return what every superseding of an EffectiveDated row is told."""
        held: dict[str, Any] = {
            "known_from": self.known_from,
            "reference": reference or self.reference,
            "proposed_by": self.proposed_by,
            "approved_by": self.approved_by,
        }
        if self.version is not None:
            held["provenance"] = {"dataset_version": self.version, "line_no": line_no}
        return held


def enact(terms: ContractTerms, hand: Approval) -> None:
    """Let a contract, its price and its capacity hold over the span; what is left out ends."""
    key = {"contract_no": terms.contract_no}
    words = hand.words(terms.line_no)
    supersede(model=RmrContract, key=key, values=terms.contract, span=terms.span, **words)
    if terms.price is None:
        term_end(model=ContractPrice, key=key, span=terms.span, known_from=hand.known_from)
    else:
        supersede(model=ContractPrice, key=key, values=terms.price, span=terms.span, **words)
    _hold_capacity(terms, hand, key)


def _hold_capacity(terms: ContractTerms, hand: Approval, key: dict[str, Any]) -> None:
    stated = {(c.tac_area_id, c.obligation_type) for c in terms.capacity}
    for old in capacity_on_file(terms.contract_no, terms.span):
        place = (old.tac_area_id, old.obligation_type)
        if place not in stated:
            at = {**key, "tac_area_id": place[0], "obligation_type": place[1]}
            term_end(model=CapacityByTac, key=at, span=terms.span, known_from=hand.known_from)
    for row in terms.capacity:
        at = {**key, "tac_area_id": row.tac_area_id, "obligation_type": row.obligation_type}
        supersede(
            model=CapacityByTac,
            key=at,
            values={"mw": row.mw},
            span=terms.span,
            **hand.words(row.line_no, row.reference),
        )


def end_after(contract_no: str, last: date, span_end: date, known_from: datetime) -> None:
    """Let every term of a contract end after a day."""
    span = Span(Span.through(last, last).end, span_end)
    key = {"contract_no": contract_no}
    places = {(c.tac_area_id, c.obligation_type) for c in capacity_on_file(contract_no, span)}
    for tac, kind in places:
        term_end(
            model=CapacityByTac,
            key={**key, "tac_area_id": tac, "obligation_type": kind},
            span=span,
            known_from=known_from,
        )
    term_end(model=ContractPrice, key=key, span=span, known_from=known_from)
    term_end(model=RmrContract, key=key, span=span, known_from=known_from)


def capacity_on_file(contract_no: str, span: Span) -> list[CapacityByTac]:
    """Return the capacity of a contract known now that holds on a day of a span."""
    return list(
        CapacityByTac.objects.filter(
            contract_no=contract_no, known__contains=NOW, valid__overlap=(span.first, span.end)
        ).select_related("tac_area")
    )


def contracts_known(contract_no: str) -> list[RmrContract]:
    """Return the terms of a contract known now, in order of their days."""
    rows = RmrContract.objects.filter(contract_no=contract_no, known__contains=NOW)
    return list(rows.order_by("valid"))


def no_contract(contract_no: str) -> str:
    """Return the sentence for a contract number that is not known, with the one it resembles."""
    numbers = RmrContract.objects.filter(known__contains=NOW)
    known = KnownIds(numbers.values_list("contract_no", flat=True).distinct())
    return f"There is no contract {contract_no[:40]}.{known.meaning(contract_no).question}"
