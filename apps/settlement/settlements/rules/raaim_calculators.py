"""The calculators ``raaim-month`` and ``raaim-pool``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any

from pydantic import model_validator

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegative,
    OneOf,
    Outputs,
    ReadBy,
    Row,
    Text,
    Usd,
    Violation,
    Whole,
    field,
    twice,
    wrong,
)
from apps.platform.core.money import cents_to_usd, half_up_cents, usd_to_cents
from apps.platform.core.quantity import half_up
from apps.settlement.settlements.rules.raaim import (
    NOT_ASSESSED,
    PRICED_BY_CONTRACT,
    Assessed,
    RaaimParameters,
    carry_chain,
    settle_month,
)

BOUNDS = (Fraction("0.945"), Fraction("0.985"))  # of the worked numbers; the engine's are dated
CAP = Fraction(3)
KINDS = ("RA", "CPM", "RMR", "RMRL")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class RaaimResource(Row):
    """A resource in a month."""

    id: Text = field("Resource ID.")
    kind: Annotated[str, OneOf(*KINDS)] = field("RA, CPM, RMR or RMRL.")
    mw: NotNegative = field("Its capacity.", unit="MW")
    curtailed_mwh: NotNegative = field("What was curtailed in assessment hours.", unit="MWh")
    contract_price_usd_mw_day: NotNegative | None = field(
        "Contract price, of RMR only.", unit="$/MW-day", default=None
    )

    @model_validator(mode="before")
    @classmethod
    def only_rmr_has_a_price(cls, row: Any) -> Any:
        """Pass over the contract price of what is not priced by its contract."""
        if isinstance(row, dict) and row.get("kind") != PRICED_BY_CONTRACT:
            return {name: row[name] for name in row if name != "contract_price_usd_mw_day"}
        return row


class RaaimMonthInputs(Inputs):
    """The price and the hours of a month, what was carried into it, and its resources."""

    ra_price_usd_kw_month: NotNegative = field("The RAAIM price.", unit="$/kW-month")
    days: Annotated[int, Whole(28, 31)] = field("Days of the month.", unit="days")
    assessment_hours: Annotated[int, Whole(1, 745)] = field(
        "Assessment hours of the month.", unit="hours"
    )
    carry_usd: Usd = field("Carried from the month before.", unit="$")
    resources: list[RaaimResource] = field(
        "kind is RA, CPM, RMR or RMRL; contract_price_usd_mw_day for RMR."
    )

    def check(self) -> Iterable[Violation]:
        """Return resources that stand twice, lack their price, or lost more than they owed."""
        yield from twice((r.id for r in self.resources), "resources")
        for place, row in enumerate(self.resources):
            at = f"resources[{place}]"
            if row.kind == PRICED_BY_CONTRACT and row.contract_price_usd_mw_day is None:
                name = f"{at}.contract_price_usd_mw_day"
                yield Violation("CALC-MISSING", f"The field {name!r} is missing.", column=name)
            if row.curtailed_mwh > Fraction(row.mw) * self.assessment_hours:
                yield Violation(
                    "CALC-RANGE", f"{at}.curtailed_mwh is more than was owed.", column=at
                )


class RaaimResourceResult(Row, extra="forbid"):
    """What a resource is charged or paid."""

    id: Text = field("Resource ID.")
    availability: Amount | None = field("Its availability; null where none is measured.")
    charge_usd: Usd = field("Above zero.", unit="$")
    payment_usd: Usd = field("Below zero.", unit="$")


class RaaimMonthOutputs(Outputs):
    """The month by resource, and its pool."""

    resources: list[RaaimResourceResult] = field(
        "charge_usd above zero, payment_usd below zero.", unit="$"
    )
    pool_usd: Usd = field("Charges and what was carried.", unit="$")
    rate_usd_mw_month: Usd = field("What an eligible MW is paid.", unit="$/MW-month")
    carry_usd: Usd = field("Carried to the next month.", unit="$")


def _assessed(row: RaaimResource, hours: int, days: int) -> Assessed | None:
    owed = Fraction(row.mw) * hours
    if row.kind == NOT_ASSESSED or owed <= 0:
        return None
    price = None
    if row.kind == PRICED_BY_CONTRACT and row.contract_price_usd_mw_day is not None:
        price = Fraction(row.contract_price_usd_mw_day)
    return Assessed(row.id, owed, Fraction(row.curtailed_mwh), hours, days, price)


def raaim_month(given: RaaimMonthInputs) -> dict[str, Any]:
    """Settle RAAIM of one month (see ``settle_month``)."""
    rows = [(r.id, _assessed(r, given.assessment_hours, given.days)) for r in given.resources]
    terms = RaaimParameters(*BOUNDS, price=Fraction(given.ra_price_usd_kw_month), cap=CAP)
    done = settle_month([one for _, one in rows if one], terms, usd_to_cents(given.carry_usd))
    return {
        "resources": [
            {
                "id": name,
                "availability": _ratio(one.share) if one else None,
                "charge_usd": str(cents_to_usd(done.charges.get(name, 0))),
                "payment_usd": str(cents_to_usd(done.payments.get(name, 0))),
            }
            for name, one in rows
        ],
        "pool_usd": str(cents_to_usd(done.pool)),
        "rate_usd_mw_month": str(cents_to_usd(half_up_cents(done.rate))),
        "carry_usd": str(cents_to_usd(done.carried_over)),
    }


def _ratio(share: Fraction) -> str:
    return f"{Decimal(half_up(share.numerator * 10**6, share.denominator)).scaleb(-6):f}"


def month_of_year(value: Any) -> tuple[str, str | int]:
    """Read a month written YYYY-MM, or its number in one year: (in order, as it was given)."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if text.isascii() and text.isdecimal() and len(text) < 3 and 1 <= int(text) <= 12:
        return f"0000-{int(text):02d}", value
    if not MONTH.fullmatch(text):
        raise wrong("CALC-MONTH", "must be written YYYY-MM.")
    return text, value


MonthGiven = Annotated[
    tuple[str, str | int], ReadBy(month_of_year, {"type": "string", "x-shape": "YYYY-MM"})
]


class PoolMonthRow(Row):
    """Charges of a month, and what the cap lets be paid."""

    month: MonthGiven = field("YYYY-MM, or its number in one year.")
    charges_usd: NotNegative = field("Charges.", unit="$")
    payable_at_cap_usd: NotNegative = field("What the cap allows.", unit="$")


class RaaimPoolInputs(Inputs):
    """The months of a year."""

    months: list[PoolMonthRow] = field("In order.", unit="$")

    def check(self) -> Iterable[Violation]:
        """Return months that do not follow the one before."""
        for place, (before, row) in enumerate(pairwise(self.months), 1):
            if row.month[0] <= before.month[0]:
                at = f"months[{place}]"
                yield Violation("CALC-ORDER", f"{at}: months stand in order.", column=at)


class PaidMonth(Row, extra="forbid"):
    """What is paid in a month and carried on."""

    month: MonthGiven = field("As it was given.")
    payment_usd: Usd = field("Paid to SCs, below zero.", unit="$")
    carry_usd: Usd = field("Carried on, above zero.", unit="$")


class RaaimPoolOutputs(Outputs):
    """The pool through the year."""

    months: list[PaidMonth] = field("Paid to SCs (below zero), carried on (above zero).", unit="$")
    year_end_residue_usd: Usd = field(
        "What the last month leaves: to load where it is December.", unit="$"
    )


def raaim_pool(given: RaaimPoolInputs) -> dict[str, Any]:
    """Carry the pool through the months of a year (see ``carry_chain``).

    A payment to SCs is below zero, a charge above (rule book 1.1).
    """
    found, residue = carry_chain(
        [
            (
                row.month[0],
                half_up_cents(Fraction(row.charges_usd)),
                half_up_cents(Fraction(row.payable_at_cap_usd)),
            )
            for row in given.months
        ]
    )
    return {
        "months": [
            {
                "month": row.month[1],
                "payment_usd": str(cents_to_usd(-m.payment)),
                "carry_usd": str(cents_to_usd(m.carried_over)),
            }
            for row, m in zip(given.months, found, strict=True)
        ],
        "year_end_residue_usd": str(cents_to_usd(residue)),
    }


RAAIM_MONTH = Calculator(
    name="raaim-month",
    title="RAAIM of a month",
    meaning="Charges for availability below 94.5 %, payments above 98.5 % from the pool, at most "
    "three times the RAAIM price; new RMR is charged at its contract price, legacy not at all.",
    inputs=RaaimMonthInputs,
    outputs=RaaimMonthOutputs,
    example={
        "ra_price_usd_kw_month": "3.79",
        "days": 30,
        "assessment_hours": 105,
        "carry_usd": "0.00",
        "resources": [
            {"id": "SHORT", "kind": "RA", "mw": "100", "curtailed_mwh": "1000"},
            {
                "id": "GOOD",
                "kind": "RMR",
                "mw": "200",
                "curtailed_mwh": "0",
                "contract_price_usd_mw_day": "220",
            },
        ],
    },
    compute=raaim_month,
    requirements=("BRQ-1240", "MSIM-2020"),
)
RAAIM_POOL = Calculator(
    name="raaim-pool",
    title="RAAIM pool through a year",
    meaning="Pays each month what the cap allows and carries the rest; January starts at zero.",
    inputs=RaaimPoolInputs,
    outputs=RaaimPoolOutputs,
    example={
        "months": [
            {"month": "2024-01", "charges_usd": "50000.00", "payable_at_cap_usd": "39795.00"},
            {"month": "2024-02", "charges_usd": "1000.00", "payable_at_cap_usd": "39795.00"},
        ]
    },
    compute=raaim_pool,
    requirements=("BRQ-1240",),
)
