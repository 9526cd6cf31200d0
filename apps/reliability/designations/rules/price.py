"""Contract prices: derived from a yearly revenue requirement, and changed after approval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    Outputs,
    Positive,
    Whole,
    field,
)
from apps.platform.core.money import half_up_cents
from apps.platform.core.quantity import USD_PER_MW_DAY
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation

SIX = Decimal(1).scaleb(-USD_PER_MW_DAY.places)


@implements("BRQ-1210", source="BRS 1.2 section 6.4.1")
def price_from_revenue(*, afrr_usd: Decimal, mw: Decimal, days: int) -> Decimal:
    """Return $/MW-day of a fixed revenue requirement: dollars ÷ days ÷ MW, six decimals, half up.

    afrr_usd: dollars for the whole of ``days``. mw: contract MW, above zero. Rounded once, here.
    Source: BRQ-1210; the six decimals are those the price is kept with.
    """
    exact = Fraction(afrr_usd) / (Fraction(mw) * days)
    scaled = exact * USD_PER_MW_DAY.scale
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    return USD_PER_MW_DAY.from_scaled(whole).quantize(SIX, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Payload:
    """One record of the reliability capacity payload of a contract, as last published."""

    day: date
    tac: str
    obligation_type: str
    mw: Decimal
    price: Decimal


@dataclass(frozen=True)
class Republication:
    """What a price change publishes anew: the records whose price differs, by day."""

    records: tuple[Payload, ...]
    new_price: Decimal

    @property
    def days(self) -> list[date]:
        """The trade dates, in order."""
        return sorted({r.day for r in self.records})


@implements("BRQ-0254", "BRQ-0255", source="BRS 1.2 section 6.2.2")
def plan_republication(
    *,
    days: Iterable[date],
    published: Iterable[Payload],
    held_mw: Mapping[tuple[date, str, str], Decimal],
    new_price: Decimal,
) -> tuple[Republication, list[Violation]]:
    """Return what a new price publishes anew for past days, and what stands against it.

    days: the past trade dates of the change on which the contract runs. published: the newest
    payload of those days. held_mw: MW by (day, TAC area, obligation type) as the contract's terms
    say now. Only the price may differ: one changed MW refuses all. Source: BRQ-0255.
    """
    found: list[Violation] = []
    if new_price <= 0:
        found.append(Violation("RMR-E-0255D", "The new price must be above 0.", column="price"))
    by_day: dict[date, list[Payload]] = {}
    for record in published:
        by_day.setdefault(record.day, []).append(record)
    wanted = sorted(days)
    missing = [d for d in wanted if d not in by_day]
    if missing:
        found.append(
            Violation("RMR-E-0255B", f"No payload is published for {said(missing)}.", column="days")
        )
    moved = [
        d
        for d in wanted
        if d in by_day
        and {(r.tac, r.obligation_type): r.mw for r in by_day[d]}
        != {(tac, kind): mw for (day, tac, kind), mw in held_mw.items() if day == d}
    ]
    if moved:
        found.append(
            Violation(
                "RMR-E-0255A",
                "MW differs from the published payload on "
                f"{said(moved)}; only price changes may be re-published.",
                column="mw",
            )
        )
    changed = tuple(r for d in wanted for r in by_day.get(d, ()) if r.price != new_price)
    return Republication(changed, new_price), found


def said(days: list[date]) -> str:
    """Write days for people: the first, the last, how many."""
    if len(days) == 1:
        return f"{days[0]}"
    return f"{len(days)} trade dates from {days[0]} to {days[-1]}"


def day_cost_cents(*, price: Decimal, capacity_mw: Decimal) -> int:
    """Return the cost of a day in whole cents, as the capacity payment rounds it."""
    return half_up_cents(Fraction(price) * Fraction(capacity_mw))


class ContractPriceInputs(Inputs):
    """A revenue requirement, and the capacity and days it is spread over."""

    afrr_usd: Positive = field("Fixed revenue requirement of the days.", unit="$")
    mw: Positive = field("Contract capacity.", unit="MW")
    days: Annotated[int, Whole(1, 366)] = field("Days it is spread over, 1 to 366.", unit="days")


class ContractPriceOutputs(Outputs):
    """The price."""

    price_usd_per_mw_day: Amount = field("Six decimals, half up.", unit="$/MW-day")


def contract_price(given: ContractPriceInputs) -> dict[str, Any]:
    """Derive a price (see ``price_from_revenue``)."""
    price = price_from_revenue(afrr_usd=given.afrr_usd, mw=given.mw, days=given.days)
    return {"price_usd_per_mw_day": f"{price:f}"}


CONTRACT_PRICE = Calculator(
    name="contract-price",
    title="Contract price",
    meaning="The price of a megawatt and day that a fixed revenue requirement comes to.",
    inputs=ContractPriceInputs,
    outputs=ContractPriceOutputs,
    example={"afrr_usd": "3200000", "mw": "27.5", "days": 365},
    compute=contract_price,
    requirements=("BRQ-1210", "BRQ-0254"),
)
