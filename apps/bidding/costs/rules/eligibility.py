"""Who may have opportunity cost, and who a reference level change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation

CONDITION_2 = "2"
LEAST_VOLATILITY, MOST_VOLATILITY = 1, 10


@implements("BRQ-0062", source="BRS 1.2 section 6.1.2")
def opportunity_cost_eligible(*, use_limited: bool, condition: str | None) -> bool:
    """Whether opportunity cost counts: use-limited, and no RMR Condition 2 resource."""
    return use_limited and condition != CONDITION_2


@implements("BRQ-0093", source="BRS 1.2 section 6.1.2")
def registered_cost_violation(
    *, rmr: bool, bases: tuple[str, str], resource: str
) -> Violation | None:
    """Return the refusal of registered cost for an RMR resource, start-up or minimum load."""
    if rmr and "REGISTERED" in bases:
        return Violation(
            "RMR-E-0093",
            f"Registered cost is not allowed for RMR resources ({resource}).",
            column="STARTUP_BASIS" if bases[0] == "REGISTERED" else "MIN_LOAD_BASIS",
            value=resource,
        )
    return None


@implements("BRQ-0090", source="BRS 1.2 section 6.1.2")
def reference_change_violations(
    *, condition: str | None, trade_date: date, go_live: date
) -> list[Violation]:
    """Return why a reference level cannot be changed for a resource and trade date."""
    found = []
    if trade_date < go_live:
        found.append(
            Violation(
                "RMR-E-0090B",
                f"CCDEBE not in effect for {trade_date}; it is from {go_live} on.",
                column="trade_date",
            )
        )
    if condition == CONDITION_2:
        found.append(
            Violation(
                "RMR-E-0090",
                "RMR Condition 2 resources are not eligible for reference level adjustments.",
                column="resource",
            )
        )
    return found


@implements("BRQ-0090", "BRQ-0091", source="BRS 1.2 section 6.1.2; RA rule book 3.3 (choice)")
def ex_ante_outcome(*, requested: Decimal, threshold: Decimal) -> tuple[str, Decimal]:
    """Return ACCEPTED with the request, or CAPPED with the threshold where it is above."""
    if requested <= threshold:
        return "ACCEPTED", requested
    return "CAPPED", threshold


@implements("BRQ-0092", source="BRS 1.2 revision history")
def volatility_violations(volatility: Decimal) -> list[Violation]:
    """Return the refusal of a volatility scalar outside 1 to 10; no unit.

    *Interpretation*: below 1 the threshold would fall under the default energy bid.
    """
    if LEAST_VOLATILITY <= volatility <= MOST_VOLATILITY:
        return []
    return [
        Violation(
            "COST-SCALAR",
            f"A volatility scalar is from {LEAST_VOLATILITY} (none) to {MOST_VOLATILITY}; below 1 "
            "the threshold would fall under the default energy bid.",
            column="volatility",
            value=plain(volatility),
        )
    ]
