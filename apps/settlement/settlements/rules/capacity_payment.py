"""The base amount of the daily RMR reliability capacity payment, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from apps.platform.core.money import half_up_cents
from apps.platform.core.rulebook import implements
from apps.reference.resources.codes import Vintage
from apps.reference.resources.rules import rmr_vintage
from apps.settlement.settlements.codes import ContractOutcome


@dataclass(frozen=True)
class CapacityRow:
    """Megawatts of a contract in one TAC area for one obligation type."""

    tac: str
    obligation_type: str
    mw: Decimal


@dataclass(frozen=True)
class ContractDay:
    """An RMR contract on one trade date. ``price`` in $/MW-day, None while there is none.

    ``resource_id``, ``sc_id``: the keys behind the codes, where it comes from the database.
    ``condition``: of a legacy contract, 1 or 2.
    """

    resource: str
    effective_date: date
    price: Decimal | None
    capacity: Sequence[CapacityRow]
    sc: str | None
    contract_no: str = ""
    scope: str = "LOCAL"
    resource_id: int = 0
    sc_id: int | None = None
    is_synthetic: bool = False
    condition: str = ""


@dataclass(frozen=True)
class CapacityDay:
    """The payment of one contract and day, with every intermediate under its name.

    ``tac_mw``: megawatts by TAC area of the obligation type that set ``capacity_mw``.
    ``amount_cents``: RMR-CAP, negative because it is paid to the SC; 0 where nothing is.
    """

    outcome: ContractOutcome
    vintage: Vintage
    sentence: str
    obligation_type: str = ""
    mw_by_type: Mapping[str, Decimal] = field(default_factory=dict)
    tac_mw: Mapping[str, Decimal] = field(default_factory=dict)
    capacity_mw: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    base_pay_usd: Decimal = Decimal(0)
    amount_cents: int = 0


@implements("BRQ-1225", source="BRS 1.2 section 6.4.1, first two points")
def capacity_day(contract: ContractDay, *, cutoff: date, basis: str) -> CapacityDay:
    """Pay capacity times price for a new-tariff contract; say why where nothing is paid.

    cutoff: value of ``rmr.new_tariff_cutoff``. basis: value of ``settlements.capacity_mw_basis``.
    The base amount is exact and is rounded half up to cents once. Source: BRQ-1225, BRQ-1210.
    Interpretation: Generic and Flex rows describe the same megawatts, so the larger sum over TAC
    areas is paid (basis MAX); ties count as GENERIC. A missing or zero price holds the resource
    alone (decision G10).
    """
    vintage = rmr_vintage(effective_date=contract.effective_date, cutoff=cutoff)
    if vintage is Vintage.LEGACY:
        return CapacityDay(
            ContractOutcome.LEGACY,
            vintage,
            f"Legacy RMR: effective {contract.effective_date}, before {cutoff}; it is invoiced "
            "apart and has no line here.",
        )
    by_type = _by_type(contract.capacity)
    chosen, capacity, tac_mw = capacity_paid(contract.capacity, basis=basis)
    missing = _missing(contract, Decimal(capacity))
    if missing:
        return CapacityDay(
            ContractOutcome.DATA_HOLD,
            vintage,
            f"Held: {missing}.",
            chosen,
            by_type,
            capacity_mw=Decimal(capacity),
        )
    price = contract.price or Decimal(0)
    cents = half_up_cents(Fraction(capacity) * Fraction(price))
    return CapacityDay(
        ContractOutcome.SETTLED,
        vintage,
        "Settled.",
        chosen,
        by_type,
        tac_mw,
        Decimal(capacity),
        price,
        Decimal(capacity) * price,
        -cents,
    )


@implements("BRQ-1210", "BRQ-1225", source="settlement rule book 3.1, decision G3")
def capacity_paid(
    rows: Sequence[CapacityRow], *, basis: str
) -> tuple[str, Decimal, dict[str, Decimal]]:
    """Return the obligation type that sets the capacity, the capacity, and it by TAC area, in MW.

    basis MAX: the obligation type with the larger sum over TAC areas, ties GENERIC. SUM: both.
    """
    by_type = _by_type(rows)
    chosen = max(sorted(by_type, reverse=True), key=lambda t: by_type[t]) if by_type else ""
    kept = by_type if basis == "SUM" else {chosen}
    tac_mw: dict[str, Decimal] = {}
    for row in rows:
        if row.obligation_type in kept and row.mw > 0:
            tac_mw[row.tac] = tac_mw.get(row.tac, Decimal(0)) + row.mw
    name = "GENERIC+FLEX" if basis == "SUM" else chosen
    return name, sum(tac_mw.values(), Decimal(0)), tac_mw


def _by_type(rows: Sequence[CapacityRow]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        found[row.obligation_type] = found.get(row.obligation_type, Decimal(0)) + row.mw
    return found


def _missing(contract: ContractDay, capacity: Decimal) -> str:
    if not contract.price:
        return "no contract price above zero is on file for the day"
    if capacity <= 0:
        return "no contract capacity is on file for the day"
    if contract.sc is None:
        return f"no scheduling coordinator of {contract.resource} is on file for the day"
    return ""
