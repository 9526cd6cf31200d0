"""An SC's estimated aggregate liability, and the collateral it has to put up for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegativeUsd,
    Number,
    Outputs,
    ReadBy,
    Row,
    Usd,
    Violation,
    Whole,
    field,
    wrong,
)
from apps.platform.core.money import cents_to_usd, half_up_cents
from apps.platform.core.rulebook import implements

ZERO = Fraction(0)
NONE = Decimal(0)
LONGEST = 400
NUMBER_OF_DAYS = Number(least=0)


@dataclass(frozen=True)
class Liability:
    """The components of an SC's liability in exact dollars; positive is owed by the SC.

    ``extrapolated``: (average daily net, trade days without a calculation). ``projected``: (daily
    share of a new designation's cost, days until payment), one for each contract without history.
    """

    invoiced: Fraction
    published: Fraction
    estimated: Fraction
    extrapolated: tuple[Fraction, int] = (ZERO, 0)
    projected: Sequence[tuple[Fraction, int]] = ()
    past_due: Fraction = ZERO
    adjustments: Fraction = ZERO

    @property
    @implements("BRQ-1402", "BRQ-1401", source="settlement rule book 12.2 and 12.3")
    def components(self) -> dict[str, int]:
        """Return each component in cents, rounded half up once."""
        daily, days = self.extrapolated
        projected = sum((share * count for share, count in self.projected), ZERO)
        return {
            "INVOICED": half_up_cents(self.invoiced),
            "PUBLISHED": half_up_cents(self.published),
            "ESTIMATED": half_up_cents(self.estimated),
            "EXTRAPOLATED": half_up_cents(daily * days),
            "PROJECTED_RMR": half_up_cents(projected),
            "PAST_DUE": half_up_cents(self.past_due),
            "ADJUSTMENTS": half_up_cents(self.adjustments),
        }

    @property
    def total(self) -> int:
        """The estimated aggregate liability in cents, not below zero."""
        return max(sum(self.components.values()), 0)

    @implements("BRQ-1402", source="settlement rule book 12.2")
    def required(self, limit: int) -> int:
        """Return the cents of collateral missing to a limit: unsecured credit and security."""
        return max(self.total - limit, 0)


def whole_days(value: Any) -> int:
    """Read a whole number of days to 400, written as a decimal text."""
    number = NUMBER_OF_DAYS.read(value)
    if number != number.to_integral_value() or number > LONGEST:
        raise wrong("CALC-WHOLE", f"must be a whole number to {LONGEST}.")
    return int(number)


class ProjectedShare(Row):
    """A share of a new designation that has no history."""

    daily_share_usd: Amount = field("Its cost for a day.", unit="$")
    days: Annotated[int, ReadBy(whole_days, NUMBER_OF_DAYS.schema())] = field(
        "Days until it is paid.", unit="days"
    )


class LiabilityInputs(Inputs):
    """What an SC owes or will owe, and what stands for it."""

    unsecured_limit_usd: NotNegativeUsd = field("Unsecured credit limit.", unit="$")
    financial_security_usd: NotNegativeUsd = field("Financial security held.", unit="$")
    invoiced_usd: Usd = field("Invoiced and unpaid.", unit="$")
    published_usd: Usd = field("On statements, not yet invoiced.", unit="$")
    estimated_usd: Usd = field("Calculated, not yet published.", unit="$")
    daily_average_usd: Usd | None = field(
        "Average daily net; needed with days to extrapolate.", unit="$", default=None
    )
    days_not_calculated: Annotated[int, Whole(0, LONGEST)] = field(
        "Days to extrapolate; left out: 0, none.", unit="days", default=0
    )
    projected_rmr: list[ProjectedShare] = field(
        "Optional: shares of new designations without history.", unit="$, days", default=[]
    )
    past_due_usd: Usd = field("Past due; left out: 0, nothing is.", unit="$", default=NONE)
    adjustments_usd: Usd = field("Manual entries; left out: 0, none.", unit="$", default=NONE)

    def check(self) -> Iterable[Violation]:
        """Return whether the daily average is missing by which days are extrapolated."""
        if self.days_not_calculated and self.daily_average_usd is None:
            yield Violation(
                "CALC-MISSING",
                "daily_average_usd is blank: days_not_calculated are extrapolated by it. Give it, "
                '"0" where it is 0.',
                column="daily_average_usd",
            )


class LiabilityOutputs(Outputs):
    """The liability, what it is made of, and what is missing."""

    eal_usd: Usd = field("Estimated aggregate liability.", unit="$")
    collateral_required_usd: Usd = field("Missing above the limit.", unit="$")
    components: dict[str, Usd] = field("What it is made of.", unit="$")


def liability(given: LiabilityInputs) -> dict[str, Any]:
    """Return a liability with its components and the collateral missing (see ``Liability``)."""
    one = Liability(
        Fraction(given.invoiced_usd),
        Fraction(given.published_usd),
        Fraction(given.estimated_usd),
        (Fraction(given.daily_average_usd or 0), given.days_not_calculated),
        [(Fraction(p.daily_share_usd), p.days) for p in given.projected_rmr],
        Fraction(given.past_due_usd),
        Fraction(given.adjustments_usd),
    )
    limit = half_up_cents(
        Fraction(given.unsecured_limit_usd) + Fraction(given.financial_security_usd)
    )
    return {
        "eal_usd": str(cents_to_usd(one.total)),
        "collateral_required_usd": str(cents_to_usd(one.required(limit))),
        "components": {name: str(cents_to_usd(c)) for name, c in one.components.items()},
    }


LIABILITY = Calculator(
    name="liability",
    title="Estimated aggregate liability",
    meaning="What an SC may owe, with the RMR cost allocated to it, and the collateral missing.",
    inputs=LiabilityInputs,
    outputs=LiabilityOutputs,
    example={
        "unsecured_limit_usd": "1000000.00",
        "financial_security_usd": "5000000.00",
        "invoiced_usd": "4200000.00",
        "published_usd": "1150000.00",
        "estimated_usd": "300000.00",
        "projected_rmr": [{"daily_share_usd": "90000.00", "days": "9"}],
    },
    compute=liability,
    requirements=("BRQ-1402",),
)
