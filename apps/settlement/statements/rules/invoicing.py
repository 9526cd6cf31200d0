"""Which weekly invoice bills a statement: publication windows that end before a Wednesday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from apps.platform.core.rulebook import implements
from apps.reference.market.rules import add_business_days, next_business_day

MONDAY, WEDNESDAY = 0, 2


@dataclass(frozen=True)
class InvoiceWeek:
    """A weekly market invoice: its date, the publication days it takes, and when it is due."""

    day: date
    first: date
    last: date
    due: date


def cut_off(invoice: date) -> date:
    """Return the last publication day of a Wednesday's invoice.

    *Interpretation* of the wording for weeks with a Monday holiday: the Monday before, or the next
    business day where it is none.
    """
    return next_business_day(invoice - timedelta(days=WEDNESDAY - MONDAY))


@implements("BRQ-1201", "BRQ-1202", source="settlement rule book 11.3")
def invoice_week(published: date, payment_days: int) -> InvoiceWeek:
    """Return the weekly invoice that takes a statement published on a day.

    It takes what was published after the cut-off of the invoice before, up to its own. Payment is
    due so many business days after it.
    """
    invoice = published + timedelta(days=(WEDNESDAY - published.weekday()) % 7)
    if cut_off(invoice) < published:
        invoice += timedelta(days=7)
    earlier = cut_off(invoice - timedelta(days=7))
    return InvoiceWeek(
        invoice,
        earlier + timedelta(days=1),
        cut_off(invoice),
        add_business_days(invoice, payment_days),
    )


@implements("BRQ-1201", source="settlement rule book 11.3")
def invoice_alone(published: date, payment_days: int) -> InvoiceWeek:
    """Return the invoice of an optional run: alone, on the day it is published."""
    return InvoiceWeek(published, published, published, add_business_days(published, payment_days))
