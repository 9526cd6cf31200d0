"""The scheduled calculation: yesterday, days missed, and days of which something changed since."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.accounts.selectors import system_user
from apps.availability.terms import DAILY
from apps.kernel.rulebook import implements
from apps.kernel.tradetime import PACIFIC
from apps.runs import services as run_services
from apps.runs.models import Run

LOOKED_AT = 7  # days whose outages, substitutions and exemptions may still come in


@implements("BRQ-0216", source="BRS 1.2 section 6.2.2")
def request_due(*, at: datetime) -> list[Run]:
    """Request the availability of the last days; what has not changed is not calculated again."""
    today = at.astimezone(PACIFIC).date()
    found = []
    for back in range(LOOKED_AT, 0, -1):
        run, is_new = run_services.request(
            kind_code=DAILY, trade_date=today - timedelta(days=back), actor=system_user(), at=at,
            reason="daily calculation",
        )  # fmt: skip
        if is_new:
            found.append(run)
    return found
