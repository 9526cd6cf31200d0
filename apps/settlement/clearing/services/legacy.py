"""The account of legacy RMR: a book of its own, outside market clearing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT
from apps.reference.resources.codes import Vintage
from apps.reliability.designations.selectors import vintages_over
from apps.settlement.clearing.codes import LEGACY_BOOK, Account
from apps.settlement.clearing.models import Entry
from apps.settlement.clearing.services.ledger import Happening, Side, post
from apps.settlement.statements.selectors import increments_of_resources


@implements("BRQ-1410", "BRQ-1400", source="settlement rule book 12.1")
def legacy_moved(invoice: Any, actor: User, at: datetime) -> Entry | None:
    """Enter a validated or paid legacy invoice: the responsible utility owes, the owner is owed."""
    address = reverse("legacy-invoices-case", args=[invoice.pk])
    said = f"{invoice.contract_no} {invoice.month:%Y-%m}"
    owner, amount = invoice.sc_id, invoice.amount
    if invoice.state == "VALIDATED":
        return post(
            Happening(
                "LEGACY_INVOICE",
                f"Legacy invoice {said}",
                actor,
                at,
                LEGACY_BOOK,
                invoice.due,
                address,
            ),
            [Side(Account.UTILITY, amount), Side(Account.SC, -amount, owner)],
        )
    if invoice.state != "PAID":
        return None
    return post(
        Happening(
            "LEGACY_PAYMENT",
            f"Legacy invoice {said} paid",
            actor,
            at,
            LEGACY_BOOK,
            invoice.due,
            address,
        ),
        [
            Side(Account.CASH, amount),
            Side(Account.UTILITY, -amount),
            Side(Account.SC, amount, owner),
            Side(Account.CASH, -amount),
        ],
    )


@implements("BRQ-1400", "BRQ-1200", source="settlement rule book 12.1 and 15, decision G31")
def legacy_on(day: date) -> set[int]:
    """Return the resources that are legacy RMR on a day, of either condition, as known now."""
    return legacy_over([day])[day]


def legacy_over(days: Iterable[date]) -> dict[date, set[int]]:
    """Return legacy_on by day, in few reads."""
    return {
        day: {key for key, (vintage, _) in found.items() if vintage == Vintage.LEGACY}
        for day, found in vintages_over(days, FAR_MOMENT).items()
    }


@implements("BRQ-1400", source="settlement rule book 15, decision G31")
def legacy_increments(days: Mapping[int, date]) -> dict[int, Decimal]:
    """Return what statements bill for resources that are legacy RMR on their trade date.

    days: trade date by statement. In dollars by statement; statements without any are absent.
    """
    legacy = legacy_over(days.values())
    found: dict[int, Decimal] = {}
    for statement, resource, change in increments_of_resources(
        [key for key, day in days.items() if legacy[day]], set().union(*legacy.values())
    ):
        if resource in legacy[days[statement]]:
            found[statement] = found.get(statement, Decimal("0.00")) + change
    return found
