"""The account of legacy RMR: a book of its own, outside market clearing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.clearing.models import Entry
from apps.clearing.services.ledger import Happening, Side, post
from apps.clearing.terms import LEGACY_BOOK, Account
from apps.kernel.rulebook import implements


@implements("BRQ-1410", "BRQ-1400", source="settlement rule book 12.1")
def legacy_moved(invoice: Any, actor: User, at: datetime) -> Entry | None:
    """Enter a validated or paid legacy invoice: the responsible utility owes, the owner is owed."""
    address = f"/legacy-invoices/{invoice.pk}/"
    said = f"{invoice.contract_no} {invoice.month:%Y-%m}"
    owner, amount = invoice.sc_id, invoice.amount
    if invoice.state == "VALIDATED":
        return post(
            Happening("LEGACY_INVOICE", f"Legacy invoice {said}", actor, at, LEGACY_BOOK,
                      invoice.due, address),
            [Side(Account.UTILITY, amount), Side(Account.SC, -amount, owner)],
        )  # fmt: skip
    if invoice.state != "PAID":
        return None
    return post(
        Happening("LEGACY_PAYMENT", f"Legacy invoice {said} paid", actor, at, LEGACY_BOOK,
                  invoice.due, address),
        [Side(Account.CASH, amount), Side(Account.UTILITY, -amount),
         Side(Account.SC, amount, owner), Side(Account.CASH, -amount)],
    )  # fmt: skip
