"""A payment date closed: who did not pay, what meets it, and what each creditor gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.platform.core.rulebook import implements
from apps.platform.core.shares import split_cents
from apps.settlement.clearing.rules.default import waterfall


@dataclass(frozen=True)
class Unmet:
    """A debtor's default in cents: unpaid, met by its security and the reserve, and what is not."""

    sc: str
    unpaid: int
    security: int
    reserve: int
    shortfall: int


@dataclass(frozen=True)
class Closing:
    """A payment date: defaults, by how much each creditor is short-paid, and what it is paid."""

    defaults: tuple[Unmet, ...]
    short_paid: Mapping[str, int]
    paid: Mapping[str, int]


@implements("BRQ-1401", source="settlement rule book 12.4")
def close_date(
    balances: Mapping[str, int], *, securities: Mapping[str, int], reserve: int
) -> Closing:
    """Close a payment date, in cents. balances: open by SC; above 0 it owes, below it is owed.

    Each defaulter's security is drawn first, then the reserve, split pro rata to what is left, then
    creditors are short-paid pro rata to what they are owed. Where more is unpaid than creditors are
    owed, the rest is missing from what RAAIM holds.
    """
    unpaid = {sc: cents for sc, cents in balances.items() if cents > 0}
    owed = {sc: -cents for sc, cents in balances.items() if cents < 0}
    drawn = {sc: min(cents, securities.get(sc, 0)) for sc, cents in unpaid.items()}
    rest = {sc: cents - drawn[sc] for sc, cents in unpaid.items()}
    missing = min(sum(rest.values()), reserve + sum(owed.values()))
    whole = waterfall(missing, security=0, reserve=reserve, creditors=owed)
    reserves = split_cents(whole.reserve, rest) if whole.reserve else dict.fromkeys(rest, 0)
    left = {sc: cents - reserves[sc] for sc, cents in rest.items()}
    short = split_cents(whole.shortfall, left) if whole.shortfall else dict.fromkeys(rest, 0)
    return Closing(
        tuple(Unmet(sc, unpaid[sc], drawn[sc], reserves[sc], short[sc]) for sc in sorted(unpaid)),
        whole.short_paid,
        {sc: cents - whole.short_paid[sc] for sc, cents in sorted(owed.items())},
    )
