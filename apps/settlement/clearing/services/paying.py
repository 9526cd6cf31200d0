"""A payment date: prepared with what it would do, closed by a second person as it was shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import Party, User
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.violations import ValidationFailed
from apps.settlement.clearing.codes import CLEARERS, Account
from apps.settlement.clearing.models import PaymentDay, PaymentDefault
from apps.settlement.clearing.rules import Closing, close_date
from apps.settlement.clearing.selectors import balance_of, open_items, parts_of
from apps.settlement.clearing.services.ledger import Happening, Side, lock_ledger, post

ZERO = Decimal("0.00")
Items = dict[int, list[tuple[int | None, Decimal]]]
Telling = Callable[[str, str], Happening]


def _codes(keys: Any) -> dict[int, str]:
    return dict(Party.objects.filter(pk__in=keys).values_list("pk", "code"))


def closing_of(day: date) -> Closing:
    """Return what closing a payment date would do now; raises ValidationFailed where nothing is
    open.

    An SC stands with the net of its invoices of the date and of what is open apart from any.
    """
    items = open_items(day)
    if not items:
        raise ValidationFailed.because("CLR-NONE", f"Nothing is open for payment on {day}.", "day")
    codes = _codes(items)
    return close_date(
        {codes[sc]: usd_to_cents(sum((a for _, a in rows), ZERO)) for sc, rows in items.items()},
        securities={
            codes[sc]: usd_to_cents(-total)
            for sc, total in parts_of(Account.DEPOSIT).items()
            if sc in codes
        },
        reserve=usd_to_cents(max(balance_of(Account.RESERVE), ZERO)),
    )


def plan_of(closing: Closing) -> dict[str, Any]:
    """Return a closing as plain values, to be shown and compared."""

    def usd(cents: int) -> str:
        return str(cents_to_usd(cents))

    return {
        "defaults": [
            {
                "sc": d.sc,
                "unpaid": usd(d.unpaid),
                "security": usd(d.security),
                "reserve": usd(d.reserve),
                "shortfall": usd(d.shortfall),
            }
            for d in closing.defaults
        ],
        "paid": [
            {
                "sc": sc,
                "owed": usd(cents + closing.short_paid[sc]),
                "short": usd(closing.short_paid[sc]),
                "paid": usd(cents),
            }
            for sc, cents in closing.paid.items()
        ],
    }


@implements("BRQ-1401", source="settlement rule book 11.3 and 12.4")
@transaction.atomic
def prepare_date(*, day: date, actor: User, at: datetime) -> PaymentDay:
    """Prepare a payment date: keep what closing it would do, for a second person to look at."""
    if not actor.viewer().may(CLEARERS):
        raise ValidationFailed.because(
            "CLR-ROLE", "Your roles do not allow you to prepare payment dates."
        )
    if day > at.astimezone(PACIFIC).date():
        raise ValidationFailed.because(
            "CLR-DATE", "A payment date is closed on its day or later.", "day"
        )
    lock_ledger()
    if PaymentDay.objects.filter(day=day, state__in=("PREPARED", "CLOSED")).exists():
        raise ValidationFailed.because("CLR-TWICE", f"{day} is prepared or closed already.", "day")
    plan = plan_of(closing_of(day))
    with pghistory.context(user=actor.pk):
        case = PaymentDay.objects.create(
            state=PaymentDay.STATES.initial, opened_by=actor, opened_at=at, day=day, plan=plan
        )
    log_event(
        action="clearing.paymentday.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"Payment date {day} prepared: {len(plan['defaults'])} defaults, "
        f"{len(plan['paid'])} creditors",
    )
    return case


@transaction.atomic
def prepare_again(*, case_id: int, actor: User, at: datetime, note: str = "") -> PaymentDay:
    """Prepare a payment date again, after money came in."""
    lock_ledger()
    case = PaymentDay.objects.get(pk=case_id)
    return transition(
        case,
        action="prepare_again",
        actor=actor,
        at=at,
        note=note or "prepared again",
        set_fields={"plan": plan_of(closing_of(case.day))},
    )


@implements("BRQ-1401", "BRQ-1400", source="settlement rule book 12.4")
@transaction.atomic
def close_day(*, case_id: int, actor: User, at: datetime, note: str = "") -> PaymentDay:
    """Close a payment date as it was shown: draw securities and reserve, short-pay, pay creditors.

    Legacy RMR is in no invoice of the market, so in none of this. Raises MoveRefused where money
    came in since it was prepared.
    """
    lock_ledger()
    case = PaymentDay.objects.get(pk=case_id)
    closing = closing_of(case.day) if case.state == "PREPARED" else None
    if closing is not None and plan_of(closing) != case.plan:
        raise MoveRefused("Money came in since this was prepared. Prepare it again.")
    case = transition(
        case,
        action="close",
        actor=actor,
        at=at,
        note=note or f"payment date {case.day} closed",
        set_fields={"decided_by": actor},
    )
    assert closing is not None
    address = reverse("payment-dates-case", args=[case.pk])

    def told(kind: str, sentence: str) -> Happening:
        return Happening(kind, sentence, actor, at, payment_date=case.day, address=address)

    items = open_items(case.day)
    codes = _codes(items)
    for sc, rows in items.items():
        items[sc] = _net_out(sc, codes[sc], rows, told)
    keys = {code: key for key, code in codes.items()}
    _meet(case, closing, keys, items, told)
    _pay(closing, keys, items, told)
    return case


def _net_out(
    sc: int, code: str, rows: list[tuple[int | None, Decimal]], told: Telling
) -> list[tuple[int | None, Decimal]]:
    """Set an SC's charges off against its payments; return what is left, all of one sign."""
    total = sum((a for _, a in rows), ZERO)
    same = [r for r in rows if r[1] * total > 0]
    other = [r for r in rows if r[1] * total <= 0]
    moved = -sum((a for _, a in other), ZERO)
    if not moved:
        return rows
    sides, left = [Side(Account.SC, -a, sc, i) for i, a in other], moved
    kept: list[tuple[int | None, Decimal]] = []
    for invoice, amount in same:
        part = min(abs(amount), abs(left)) * (1 if left > 0 else -1)
        sides.append(Side(Account.SC, -part, sc, invoice))
        left -= part
        if amount != part:
            kept.append((invoice, amount - part))
    post(told("NETTING", f"Charges and payments of {code} set off"), sides)
    return kept


def _spread(rows: list[tuple[int | None, Decimal]], sc: int, amount: Decimal) -> list[Side]:
    """Take an amount off an SC's open items, the oldest first, and off ``rows`` too."""
    sides, left = [], amount
    for place, (invoice, total) in enumerate(rows):
        part = min(abs(total), abs(left)) * (1 if left > 0 else -1)
        if part:
            sides.append(Side(Account.SC, part, sc, invoice))
            rows[place] = (invoice, total + part)
            left -= part
    assert not left, "no more is met than is open"
    return sides


def _meet(
    case: PaymentDay, closing: Closing, keys: dict[str, int], items: Items, told: Telling
) -> None:
    actor, at = told("", "").actor, told("", "").at
    for d in closing.defaults:
        sc = keys[d.sc]
        security, reserve = cents_to_usd(d.security), cents_to_usd(d.reserve)
        post(
            told("SECURITY_DRAWN", f"Security of {d.sc} drawn"),
            [
                Side(Account.CASH, security),
                Side(Account.SECURITY, -security),
                Side(Account.DEPOSIT, security, sc),
                *_spread(items[sc], sc, -security),
            ],
        )
        post(
            told("RESERVE_DRAWN", f"Reserve drawn for {d.sc}"),
            [Side(Account.CASH, reserve), Side(Account.RESERVE, -reserve)],
        )
        with pghistory.context(user=actor.pk):
            PaymentDefault.objects.create(
                state=PaymentDefault.STATES.initial,
                opened_by=actor,
                opened_at=at,
                payment_day=case,
                sc_id=sc,
                day=case.day,
                unpaid=cents_to_usd(d.unpaid),
                security=security,
                reserve=reserve,
                shortfall=cents_to_usd(d.shortfall),
            )


def _pay(closing: Closing, keys: dict[str, int], items: Items, told: Telling) -> None:
    for code, cents in closing.short_paid.items():
        short, sc = cents_to_usd(cents), keys[code]
        post(
            told("SHORTFALL", f"CC 5910: {code} is short-paid"),
            [*_spread(items[sc], sc, short), Side(Account.SHORTFALL, -short, sc)],
        )
    for code, cents in closing.paid.items():
        paid, sc = cents_to_usd(cents), keys[code]
        post(
            told("PAYMENT", f"{code} is paid"),
            [*_spread(items[sc], sc, paid), Side(Account.CASH, -paid)],
        )
