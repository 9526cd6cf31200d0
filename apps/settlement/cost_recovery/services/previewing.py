"""What a request would recover by trade date, with the numbers in the formula."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from apps.platform.accounts.services import bypass_rls
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.money import cents_to_usd, half_up_cents, usd_to_cents
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.parameters.selectors import value_on
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import RESULT_DATASETS
from apps.reference.market.selectors import result_frame
from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryItem
from apps.settlement.cost_recovery.rules import (
    COST_BASIS,
    RECOVERY_RULE,
    Interval,
    Recoverable,
    recoverable,
)
from apps.settlement.cost_recovery.selectors import basis_of, claim_of, items_of

INTERVALS = RESULT_DATASETS[3].name


@dataclass(frozen=True)
class Preview:
    """A trade date of a request: each item worked out, and the line it would become.

    ``amount``: statement sign, negative is a payment; None where it cannot be said yet.
    """

    trade_date: date
    reading: str
    items: tuple[tuple[RecoveryItem, Recoverable], ...]
    trouble: str = ""

    @property
    def amount(self) -> Decimal | None:
        """The line: the sum of its items, rounded half up once."""
        if self.trouble or any(r.usd is None for _, r in self.items):
            return None
        return cents_to_usd(
            -half_up_cents(sum((r.usd or Fraction(0) for _, r in self.items), Fraction(0)))
        )


@implements("BRQ-1275", source="BRS 1.2 section 6.4.1; settlement rule book 10.3")
def preview_of(request: CostRecoveryRequest) -> list[Preview]:
    """Return what each trade date of a request recovers by what is known now.

    Of an approved request by what was approved, of another by what is claimed.
    """
    days: dict[date, list[RecoveryItem]] = {}
    for item in items_of(request):
        days.setdefault(item.trade_date, []).append(item)
    with bypass_rls("energy and cost basis of the SC's own resource, by COPY"):
        return [_on(request, day, items) for day, items in sorted(days.items())]


def _on(request: CostRecoveryRequest, day: date, items: list[RecoveryItem]) -> Preview:
    try:
        reading, basis = str(value_on(RECOVERY_RULE, day)), str(value_on(COST_BASIS, day))
    except ParameterMissing as trouble:
        return Preview(day, "", (), str(trouble))
    energy = intervals_of(day, request.resource_id) if request.kind == "GAS" else []
    steps = basis_of(day, FAR_MOMENT, {request.resource_id}, basis).get(request.resource_id, ())
    worked = []
    for item in items:
        grant = getattr(item, "grant", None)
        cents = usd_to_cents(grant.approved if grant else item.claimed)
        claim = claim_of(item, request, cents, grant.basis if grant else request.basis)
        worked.append((item, recoverable(claim, energy, steps, reading)))
    return Preview(day, reading, tuple(worked))


def intervals_of(day: date, resource_id: int) -> Iterable[Interval]:
    """Return the metered energy and LMP of a resource's day in the newest version."""
    versions = versions_known_at(INTERVALS, FAR_MOMENT, days=[day])
    frame = result_frame(INTERVALS, versions[0] if versions else None, {resource_id})
    rows = frame.select("hour_ending", "interval", "metered_mwh", "rtd_lmp").sort(
        "hour_ending", "interval"
    )
    return [Interval(*row) for row in rows.iter_rows()]
