"""Money received: it meets invoices, then defaults, whose late payment goes back to creditors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.platform.accounts.models import Party, User
from apps.platform.accounts.selectors import sc_ids, system_user
from apps.platform.audit.services import log_event, transition
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, is_plausible
from apps.platform.core.violations import ValidationFailed, Violation
from apps.reference.resources.rules import question, shown
from apps.settlement.clearing.codes import CLEARERS, Account
from apps.settlement.clearing.models import Entry, PaymentDefault, Receipt
from apps.settlement.clearing.rules import give_back
from apps.settlement.clearing.selectors import open_invoices, unassigned, waiting_for
from apps.settlement.clearing.services.ledger import (
    Happening,
    Side,
    lock_ledger,
    post,
    reverse_entry,
)

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class ReceiptInput:
    """Money received as typed."""

    sc: str
    amount: Decimal
    received_on: date
    bank_reference: str


@transaction.atomic
def enter_receipt(*, given: ReceiptInput, actor: User, at: datetime) -> Receipt:
    """Enter money an SC paid in; a second person confirms it. Raises ValidationFailed."""
    if not actor.viewer().may(CLEARERS):
        raise ValidationFailed.because("CLR-ROLE", "Your roles do not allow you to enter receipts.")
    party = Party.objects.filter(code=given.sc, kind="SC").first()
    reference = given.bank_reference.replace("\x00", "").strip()
    found = []
    if party is None:
        asked = question(given.sc, sc_ids())
        found.append(Violation("CLR-SC", f"There is no SC {shown(given.sc)}.{asked}", column="sc"))
    if not given.amount or given.amount <= 0:
        found.append(Violation("CLR-AMOUNT", "A receipt is above 0.", column="amount"))
    if not reference:
        found.append(
            Violation("CLR-REFERENCE", "Name the bank's reference.", column="bank_reference")
        )
    today = at.astimezone(PACIFIC).date()
    if not is_plausible(given.received_on) or given.received_on > today:
        found.append(
            Violation(
                "CLR-DATE", "The day of receipt has passed or is today.", column="received_on"
            )
        )
    if found or party is None:
        raise ValidationFailed(found)
    try:
        with pghistory.context(user=actor.pk), transaction.atomic():
            case = Receipt.objects.create(
                state=Receipt.STATES.initial,
                opened_by=actor,
                opened_at=at,
                sc=party,
                amount=given.amount,
                received_on=given.received_on,
                bank_reference=reference[:80],
            )
    except IntegrityError:
        raise ValidationFailed.because(
            "CLR-TWICE", f"{reference[:40]} is entered already.", "bank_reference"
        ) from None
    log_event(
        action="clearing.receipt.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{dollars(case.amount)} of {party.code} received, {reference[:40]}",
    )
    return case


@implements("BRQ-1401", "BRQ-1410", source="settlement rule book 12.4")
@transaction.atomic
def confirm_receipt(*, case_id: int, actor: User, at: datetime, note: str = "") -> Receipt:
    """Confirm money received: it meets the SC's oldest open invoices, then what it defaulted on.

    What a default is paid later goes back to those who were short-paid (CC 5900), at most what they
    wait for; the rest of it restores the reserve. What is left stays as the SC's credit.
    """
    lock_ledger()
    case = transition(
        Receipt.objects.get(pk=case_id),
        action="confirm",
        actor=actor,
        at=at,
        note=note or "receipt confirmed",
        set_fields={"decided_by": actor},
    )
    left = case.amount
    sides = []
    paid_late: dict[date, Decimal] = {}
    closed = set(
        PaymentDefault.objects.filter(sc=case.sc, state="OPEN").values_list("day", flat=True)
    )
    for invoice, (_, day, total) in open_invoices(sc_id=case.sc_id).items():
        part = min(max(total, ZERO), left)
        if part:
            sides.append(Side(Account.SC, -part, case.sc_id, invoice))
            left -= part
            if day in closed:
                paid_late[day] = paid_late.get(day, ZERO) + part
    _late_apart(case, left, paid_late)
    sides.append(Side(Account.SC, -left, case.sc_id))
    address = reverse("receipts-case", args=[case.pk])
    post(
        Happening(
            "RECEIPT", f"{case.sc.code} paid in, {case.bank_reference}", actor, at, address=address
        ),
        [Side(Account.CASH, case.amount), *sides],
    )
    for day in sorted(paid_late):
        _give_back(case, day, paid_late[day], actor, at)
    return case


def _late_apart(case: Receipt, left: Decimal, paid_late: dict[date, Decimal]) -> None:
    """Count what meets debts apart from invoices, such as loss shares, to the oldest default."""
    apart = min(left, max(unassigned().get(case.sc_id, ZERO), ZERO))
    for default in PaymentDefault.objects.filter(sc=case.sc, state="OPEN").order_by("day"):
        owed = default.unpaid - default.security - default.received
        part = min(apart, max(owed - paid_late.get(default.day, ZERO), ZERO))
        if part:
            paid_late[default.day] = paid_late.get(default.day, ZERO) + part
            apart -= part


def _give_back(case: Receipt, day: date, amount: Decimal, actor: User, at: datetime) -> None:
    """Return a late payment to creditors of its date, then to the reserve."""
    default = PaymentDefault.objects.select_for_update().get(sc=case.sc, day=day, state="OPEN")
    address = reverse("receipts-case", args=[case.pk])
    ahead = default.shortfall - min(default.received, default.shortfall)
    waiting = {sc: usd_to_cents(total) for sc, total in waiting_for(day).items()}
    owed = usd_to_cents(min(amount, ahead))
    back = {sc: cents_to_usd(c) for sc, c in give_back(owed, waiting).items()}
    given = sum(back.values(), ZERO)
    post(
        Happening(
            "RECEIPT_DISTRIBUTION",
            f"CC 5900: late payment of {case.sc.code} for {day}",
            actor,
            at,
            payment_date=day,
            address=address,
        ),
        [
            *(Side(Account.SHORTFALL, part, sc) for sc, part in back.items()),
            Side(Account.CASH, -given),
        ],
    )
    came_back = max(default.received - default.shortfall, ZERO)
    restored = min(amount - given, max(default.reserve - came_back, ZERO))
    post(
        Happening(
            "RESERVE_RESTORED",
            f"Reserve restored by {case.sc.code} for {day}",
            actor,
            at,
            payment_date=day,
            address=address,
        ),
        [Side(Account.RESERVE, restored), Side(Account.CASH, -restored)],
    )
    received = default.received + amount
    action = "cure" if received >= default.unpaid - default.security else ""
    with pghistory.context(user=actor.pk):
        default.received = received
        default.save(update_fields=["received"])
    if action:
        transition(
            default,
            action=action,
            actor=system_user(),
            at=at,
            note=f"{case.sc.code} paid what it owed for {day}",
        )


@implements("BRQ-1401", source="settlement rule book 12.4")
@transaction.atomic
def reverse_receipt(*, case_id: int, actor: User, at: datetime, note: str) -> Receipt:
    """Take back a receipt that bounced, with what was given on of it (CC 5901)."""
    lock_ledger()
    case = transition(
        Receipt.objects.get(pk=case_id),
        action="reverse",
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor},
    )
    entries = Entry.objects.filter(
        address=reverse("receipts-case", args=[case.pk]), reversed_by__isnull=True
    )
    for entry in entries.exclude(kind="REVERSAL").order_by("-pk"):
        reverse_entry(
            entry,
            Happening(
                "REVERSAL",
                f"CC 5901: {entry.sentence} reversed",
                actor,
                at,
                payment_date=entry.payment_date,
                address=entry.address,
            ),
        )
        if entry.kind == "RECEIPT":
            _unpay(case, entry, actor, at)
    return case


def _unpay(case: Receipt, entry: Entry, actor: User, at: datetime) -> None:
    """Let defaults know that what came in is gone."""
    parts = entry.postings.filter(account=Account.SC.value, invoice__isnull=False)
    late: dict[date, Decimal] = {}
    for due, amount in parts.values_list("invoice__due", "amount"):
        late[due] = late.get(due, ZERO) - amount
    for default in PaymentDefault.objects.filter(sc=case.sc, day__in=late, received__gt=0):
        with pghistory.context(user=actor.pk):
            default.received = max(default.received - late[default.day], ZERO)
            default.save(update_fields=["received"])
        if default.state == "CURED":
            transition(
                default,
                action="reopen",
                actor=system_user(),
                at=at,
                note="the payment was reversed",
            )
