"""An SC's estimated aggregate liability, and the collateral it has to put up for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, half_up_cents
from apps.platform.kernel.rulebook import implements

ZERO = Fraction(0)


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


def liability(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a liability with its components and the collateral missing (see ``Liability``)."""
    needed = (
        "unsecured_limit_usd",
        "financial_security_usd",
        "invoiced_usd",
        "published_usd",
        "estimated_usd",
    )
    more = (
        "daily_average_usd",
        "days_not_calculated",
        "projected_rmr",
        "past_due_usd",
        "adjustments_usd",
    )
    document = Document.open(body, known=(*needed, *more))
    found = {name: Fraction(document.usd(name)) for name in needed}
    for name in ("daily_average_usd", "past_due_usd", "adjustments_usd"):
        found[name] = Fraction(document.usd(name)) if name in document.body else ZERO
    days = 0
    if "days_not_calculated" in document.body:
        days = document.whole("days_not_calculated", minimum=0, maximum=400)
    projected = []
    for position, row in enumerate(
        document.rows("projected_rmr") if "projected_rmr" in document.body else []
    ):
        at = f"projected_rmr[{position}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be an object.", column=at)
            continue
        share = document.number(row.get("daily_share_usd"), f"{at}.daily_share_usd")
        count = document.number(row.get("days"), f"{at}.days", minimum=Decimal(0))
        if count != count.to_integral_value() or count > 400:
            document.findings.add(
                "CALC-WHOLE", f"{at}.days must be a whole number to 400.", column=f"{at}.days"
            )
        projected.append((Fraction(share), int(count)))
    for name in ("unsecured_limit_usd", "financial_security_usd"):
        if found[name] < 0:
            document.findings.add("CALC-RANGE", f"{name} must not be below 0.", column=name)
    document.close()
    one = Liability(
        found["invoiced_usd"],
        found["published_usd"],
        found["estimated_usd"],
        (found["daily_average_usd"], days),
        projected,
        found["past_due_usd"],
        found["adjustments_usd"],
    )
    limit = half_up_cents(found["unsecured_limit_usd"] + found["financial_security_usd"])
    return {
        "eal_usd": str(cents_to_usd(one.total)),
        "collateral_required_usd": str(cents_to_usd(one.required(limit))),
        "components": {name: str(cents_to_usd(c)) for name, c in one.components.items()},
    }


LIABILITY = Calculator(
    name="liability",
    title="Estimated aggregate liability",
    meaning="What an SC may owe, with the RMR cost allocated to it, and the collateral missing.",
    inputs=(
        Port("unsecured_limit_usd", "decimal string", "$", "Unsecured credit limit."),
        Port("financial_security_usd", "decimal string", "$", "Financial security held."),
        Port("invoiced_usd", "decimal string", "$", "Invoiced and unpaid."),
        Port("published_usd", "decimal string", "$", "On statements, not yet invoiced."),
        Port("estimated_usd", "decimal string", "$", "Calculated, not yet published."),
        Port("daily_average_usd", "decimal string", "$", "Optional: average daily net."),
        Port("days_not_calculated", "whole number", "days", "Optional: days to extrapolate."),
        Port(
            "projected_rmr",
            "list of {daily_share_usd, days}",
            "$, days",
            "Optional: shares of new designations without history.",
        ),
        Port("past_due_usd", "decimal string", "$", "Optional: past due."),
        Port("adjustments_usd", "decimal string", "$", "Optional: manual entries."),
    ),
    outputs=(
        Port("eal_usd", "decimal string", "$", "Estimated aggregate liability."),
        Port("collateral_required_usd", "decimal string", "$", "Missing above the limit."),
        Port("components", "object of decimal strings", "$", "What it is made of."),
    ),
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
