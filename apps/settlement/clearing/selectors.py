"""Reads of invoices, the ledger, credit and exposure, each for one viewer."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from apps.platform.accounts.models import Party
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import dollars
from apps.platform.core.tradetime import PACIFIC, end_of_day
from apps.platform.notifications.hooks import Deadline
from apps.platform.parameters.selectors import value_on
from apps.platform.runs.models import Run
from apps.reliability.designations.selectors import contracts
from apps.settlement.clearing.codes import (
    ACCOUNTS,
    CLEARERS,
    HELD,
    LEGACY_BOOK,
    MARKET_BOOK,
    Account,
)
from apps.settlement.clearing.models import (
    CollateralCall,
    CreditEntry,
    DefaultLoss,
    Exposure,
    Invoice,
    PaymentDay,
    PaymentDefault,
    Posting,
    Receipt,
)
from apps.settlement.clearing.rules import INVOICED_FROM
from apps.settlement.statements.selectors import statements

ZERO = Decimal("0.00")


def _own(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def _iso(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    return rows if viewer.is_iso else rows.none()


def invoices(*, viewer: Viewer) -> QuerySet[Invoice]:
    """Return issued invoices: all for the ISO, an SC's own."""
    return _own(Invoice.objects.select_related("sc", "run"), viewer)


def uninvoiced(*, viewer: Viewer, on: date, run: Run | None = None) -> list[Any]:
    """Return the statements no invoice bills yet, oldest first; of one run, if named.

    on: the day whose parameter says from which publication on they are invoiced here.
    """
    first = datetime.combine(value_on(INVOICED_FROM, on), time(), PACIFIC)
    rows = statements(viewer=viewer).filter(billing__isnull=True, issued_at__gte=first)
    rows = rows.filter(run=run) if run else rows
    return list(rows.order_by("issued_at", "trade_date", "version"))


def postings(*, viewer: Viewer) -> QuerySet[Posting]:
    """Return postings of the ledger: all for the ISO, those of its own accounts for an SC."""
    return _own(Posting.objects.select_related("entry", "sc", "invoice"), viewer)


def receipts(*, viewer: Viewer) -> QuerySet[Receipt]:
    """Return money received: all for the ISO, an SC's own."""
    return _own(Receipt.objects.select_related("sc", "opened_by"), viewer)


def payment_days(*, viewer: Viewer) -> QuerySet[PaymentDay]:
    """Return payment dates, which the ISO's people see."""
    return _iso(PaymentDay.objects.select_related("opened_by", "decided_by"), viewer)


def payment_defaults(*, viewer: Viewer) -> QuerySet[PaymentDefault]:
    """Return defaults: all for the ISO, an SC's own."""
    return _own(PaymentDefault.objects.select_related("sc", "opened_by"), viewer)


def default_losses(*, viewer: Viewer) -> QuerySet[DefaultLoss]:
    """Return losses and how they are shared, which the ISO's people see."""
    return _iso(DefaultLoss.objects.select_related("default__sc", "opened_by"), viewer)


def credit_entries(*, viewer: Viewer) -> QuerySet[CreditEntry]:
    """Return limits, securities and adjustments: all for the ISO, an SC's own."""
    return _own(CreditEntry.objects.select_related("sc", "opened_by"), viewer)


def exposures(*, viewer: Viewer) -> QuerySet[Exposure]:
    """Return measured liabilities: all for the ISO, an SC's own."""
    return _own(Exposure.objects.select_related("sc"), viewer)


def details_told(exposure: Exposure, *, viewer: Viewer) -> dict[str, Any]:
    """Return the numbers behind a liability, without the daily cost of contracts closed to it.

    The cost of a day of a contract without history is its capacity times its price.
    """
    details: dict[str, Any] = exposure.details
    numbers = [p["contract"] for p in details.get("projected", ())]
    if viewer.is_iso or not numbers:
        return details
    rows = contracts(viewer=viewer).filter(contract_no__in=numbers)
    told = set(rows.values_list("contract_no", flat=True))
    projected = [p if p["contract"] in told else p | {"cost": ""} for p in details["projected"]]
    return details | {"projected": projected}


def collateral_calls(*, viewer: Viewer) -> QuerySet[CollateralCall]:
    """Return collateral calls: all for the ISO, an SC's own."""
    return _own(CollateralCall.objects.select_related("sc", "exposure", "opened_by"), viewer)


def balances(book: str = MARKET_BOOK) -> list[dict[str, Any]]:
    """Return the balance of each account of a book; they add up to zero."""
    rows = Posting.objects.filter(entry__book=book).values("account").annotate(sum=Sum("amount"))
    sums = {r["account"]: r["sum"] for r in rows.order_by("account")}
    return [
        {"account": a.value, "title": title, "balance": sums.get(a.value, ZERO)}
        for a, title in ACCOUNTS.items()
        if a.value in sums
    ]


def trial_balance() -> dict[str, list[dict[str, Any]]]:
    """Return the balances of both books by the name of the book."""
    return {book: balances(book) for book in (MARKET_BOOK, LEGACY_BOOK)}


def balance_of(account: Account, *, sc_id: int | None = None, book: str = MARKET_BOOK) -> Decimal:
    """Return the balance of an account, or of one SC's part of it."""
    rows = Posting.objects.filter(account=account.value, entry__book=book)
    rows = rows.filter(sc_id=sc_id) if sc_id else rows
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def parts_of(account: Account, book: str = MARKET_BOOK) -> dict[int, Decimal]:
    """Return the balance of each SC's part of an account, by its key."""
    rows = Posting.objects.filter(account=account.value, entry__book=book, sc__isnull=False)
    found: Any = rows.values_list("sc_id").annotate(sum=Sum("amount")).order_by("sc_id")
    return {sc: total for sc, total in found if total}


def named_parts(account: Account) -> list[tuple[str, Decimal]]:
    """Return the balance of each SC's part of a market account, by SC code."""
    parts = parts_of(account)
    codes = dict(Party.objects.filter(pk__in=parts).values_list("pk", "code"))
    return sorted((codes[sc], total) for sc, total in parts.items())


def open_invoices(
    *, due: date | None = None, sc_id: int | None = None
) -> dict[int, tuple[int, date, Decimal]]:
    """Return (SC, payment date, what is open) by invoice: above zero still owed by the SC."""
    rows = Posting.objects.filter(account=Account.SC.value, invoice__isnull=False)
    rows = rows.filter(invoice__due=due) if due else rows
    rows = rows.filter(sc_id=sc_id) if sc_id else rows
    found: Any = (
        rows.values_list("invoice_id", "sc_id", "invoice__due")
        .annotate(sum=Sum("amount"))
        .order_by("invoice__due", "invoice_id")
    )
    return {invoice: (sc, day, total) for invoice, sc, day, total in found if total}


def unassigned() -> dict[int, Decimal]:
    """Return what SCs owe or are owed apart from any invoice, by SC: loss shares, prepayments."""
    rows = Posting.objects.filter(
        account=Account.SC.value, invoice__isnull=True, entry__book=MARKET_BOOK
    )
    found: Any = rows.values_list("sc_id").annotate(sum=Sum("amount"))
    return {sc: total for sc, total in found if total}


def open_items(day: date) -> dict[int, list[tuple[int | None, Decimal]]]:
    """Return what is open by SC for a payment date: its invoices, and what belongs to none.

    What an SC defaulted on already is not open a second time.
    """
    found: dict[int, list[tuple[int | None, Decimal]]] = {}
    for invoice, (sc, _, total) in open_invoices(due=day).items():
        found.setdefault(sc, []).append((invoice, total))
    for sc, total in unassigned().items():
        fresh = total if total < 0 else max(total - _defaulted_apart(sc), ZERO)
        if fresh:
            found.setdefault(sc, []).append((None, fresh))
    return found


def _defaulted_apart(sc_id: int) -> Decimal:
    """Return what of an SC's open defaults is no invoice: loss shares it did not pay."""
    defaults = PaymentDefault.objects.filter(sc_id=sc_id, state="OPEN")
    owed = sum((d.unpaid - d.security - d.received for d in defaults), ZERO)
    days = {d.day for d in defaults}
    billed = [t for _, day, t in open_invoices(sc_id=sc_id).values() if day in days and t > 0]
    return max(owed - sum(billed, ZERO), ZERO)


def waiting_for(day: date) -> dict[int, Decimal]:
    """Return what creditors of a payment date still wait for, by SC."""
    rows = Posting.objects.filter(account=Account.SHORTFALL.value, entry__payment_date=day)
    found: Any = rows.values_list("sc_id").annotate(sum=Sum("amount")).order_by("sc_id")
    return {sc: -total for sc, total in found if total < 0}


def credit_on(day: date) -> dict[int, dict[str, Decimal]]:
    """Return approved amounts by SC and kind in force on a day; what was drawn is taken off."""
    found: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    rows = CreditEntry.objects.filter(
        state="APPROVED", first_date__lte=day, sc__isnull=False
    ).exclude(last_date__lt=day)
    for sc, kind, amount in rows.values_list("sc_id", "kind", "amount"):
        found[sc][kind if kind not in HELD else "SECURITY"] += amount
    drawn = (
        Posting.objects.filter(account=Account.DEPOSIT.value, entry__kind="SECURITY_DRAWN")
        .values_list("sc_id")
        .annotate(sum=Sum("amount"))
    )
    for sc, total in drawn:
        found[sc]["SECURITY"] = max(found[sc]["SECURITY"] - total, ZERO)
    return found


def newest_exposures(as_of: date | None = None) -> list[Exposure]:
    """Return the last measurement of each SC, up to a day."""
    rows = Exposure.objects.select_related("sc")
    rows = rows.filter(as_of__lte=as_of) if as_of else rows
    return list(rows.order_by("sc", "-as_of", "-number").distinct("sc"))


def deadlines(viewer: Viewer, since: datetime, until: datetime) -> list[Deadline]:
    """Return collateral an SC has to put up, and payments it has to make."""
    found = []
    calls = collateral_calls(viewer=viewer).filter(state="CALLED")
    for call in calls if viewer.is_sc or viewer.may(CLEARERS) else ():
        found.append(
            Deadline(
                f"collateral-{call.pk}",
                end_of_day(call.due),
                f"{dollars(call.amount)} collateral of {call.sc.code} due",
                reverse("collateral-calls-case", args=[call.pk]),
            )
        )
    if viewer.is_sc and viewer.party_id:
        for number, (_, day, total) in open_invoices(sc_id=viewer.party_id).items():
            if total > 0:
                found.append(
                    Deadline(
                        f"invoice-{number}",
                        datetime.combine(day, time(10), PACIFIC),
                        f"{dollars(total)} due to the clearing account",
                        reverse("invoice", args=[number]),
                    )
                )
    return [d for d in found if since <= d.at <= until]
