"""The one way into the ledger: balanced entries that are never changed, only reversed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction

from apps.platform.accounts.models import User
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.settlement.clearing.codes import ENTRY_KINDS, MARKET_BOOK, Account
from apps.settlement.clearing.models import Entry, Posting

ZERO = Decimal("0.00")


class Unbalanced(ValueError):
    """The postings of an entry do not add up to zero; nothing is entered."""


@dataclass(frozen=True)
class Side:
    """One side of an entry in dollars: above zero a debit. ``sc`` and ``invoice``: their keys."""

    account: Account
    amount: Decimal
    sc: int | None = None
    invoice: int | None = None


@dataclass(frozen=True)
class Happening:
    """What an entry tells: its kind, what happened, by whom and when."""

    kind: str
    sentence: str
    actor: User
    at: datetime
    book: str = MARKET_BOOK
    payment_date: date | None = None
    address: str = ""


def lock_ledger() -> None:
    """Hold the ledger until the transaction ends, so that balances read are those posted on."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('clearing.ledger'))")


@implements("BRQ-1410", "BRQ-1401", source="settlement rule book 12.1 and 12.4")
@transaction.atomic
def post(
    happening: Happening, sides: Iterable[Side], *, reverses: Entry | None = None
) -> Entry | None:
    """Enter something that happened; return it, or None where nothing moves.

    Sides of zero are left out. Raises Unbalanced; the database refuses it a second time.
    """
    kept = [s for s in sides if s.amount != ZERO]
    if sum((s.amount for s in kept), ZERO) != ZERO:
        raise Unbalanced(f"{happening.sentence}: the postings do not add up to zero.")
    if happening.kind not in ENTRY_KINDS:
        raise ValueError(f"there is no kind of entry {happening.kind!r}")
    if not kept:
        return None
    entry = Entry.objects.create(
        kind=happening.kind,
        book=happening.book,
        day=happening.at.astimezone(PACIFIC).date(),
        payment_date=happening.payment_date,
        sentence=happening.sentence[:300],
        address=happening.address,
        reverses=reverses,
        at=happening.at,
        actor=happening.actor,
    )
    Posting.objects.bulk_create(
        Posting(
            entry=entry, account=s.account.value, sc_id=s.sc, invoice_id=s.invoice, amount=s.amount
        )
        for s in kept
    )
    return entry


def reverse_entry(entry: Entry, happening: Happening) -> Entry | None:
    """Enter the other signs of an entry; an entry is reversed once, by a constraint."""
    sides = [
        Side(Account(p.account), -p.amount, p.sc_id, p.invoice_id) for p in entry.postings.all()
    ]
    return post(happening, sides, reverses=entry)
