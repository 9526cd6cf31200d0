"""Approvals of FERC: when one counts."""

from __future__ import annotations

from datetime import date

from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation


@implements("BRQ-0255", source="BRS 1.2 section 6.2.2")
def approved_ahead(
    approved_on: date | None, today: date, *, line: int = 0, column: str = "ferc_approved_on"
) -> list[Violation]:
    """Return that an approval lies ahead of today: nothing is published on the ground of it."""
    if approved_on is None or approved_on <= today:
        return []
    return [
        Violation(
            "RMR-E-0255F",
            f"The FERC approval of {approved_on} lies ahead of today, {today}. Enter it once it "
            "is given; nothing is published before.",
            line,
            column,
            value=approved_on.isoformat(),
        )
    ]
