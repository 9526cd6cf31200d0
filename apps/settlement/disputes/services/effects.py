"""What granting a dispute would do to others: an estimate shown before anybody decides."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.quantity import MWH, dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.shares import split_cents
from apps.settlement.disputes.models import Dispute
from apps.settlement.settlements.selectors import Bearer, bearers_of


@dataclass(frozen=True)
class Effect:
    """What an SC would bear, and the demand or amount it is shared by."""

    sc: str
    weight: str
    amount: Decimal


@implements("BRQ-1203", source="settlement rule book 1.5 and 13")
def effect_of(dispute: Dispute, amount: Decimal | None = None) -> list[Effect]:
    """Return how an amount granted would fall on others, to the cent; it adds up to the amount.

    Shared by the demand the line was shared by, or, for a payment to a resource's SC, by what each
    bears of its cost. Empty where the day's lines name nobody: the recalculation will show.
    """
    granted = dispute.amount if amount is None else amount
    if not granted:
        return []
    line = dispute.statement.lines.get(line_no=dispute.line_no)
    found = bearers_of(
        dispute.statement.run,
        dispute.charge_code,
        resource_id=line.resource_id,
        tac_area_id=line.tac_area_id,
        contract_no=line.contract_no,
        but=dispute.sc_id,
    )
    weights = {b.sc: b.weight for b in found if b.weight > 0}
    if not weights:
        return []
    parts = split_cents(usd_to_cents(granted), weights)
    by_sc = {b.sc: b for b in found}
    return [Effect(sc, _said(by_sc[sc]), cents_to_usd(parts[sc])) for sc in sorted(parts)]


def _said(bearer: Bearer) -> str:
    if bearer.of_load:
        return f"{MWH.text(MWH.from_scaled(bearer.weight))} MWh"
    return f"{dollars(cents_to_usd(bearer.weight))} of its cost"
