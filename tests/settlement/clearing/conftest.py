"""Published days with invoices, people who act on them, and amounts of an SC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from apps.platform.accounts.models import Party
from apps.settlement.clearing import services
from apps.settlement.clearing.models import Invoice

ZERO = Decimal("0.00")


def moment(day, hour=20):
    return datetime.combine(day, time(hour), UTC)


@pytest.fixture
def issued(settle, person):
    """Publish the demo day and issue its invoices as of the Wednesday after; return them by SC."""

    def go(at=None):
        settle()
        at = at or datetime.now(UTC)
        made = services.issue_invoices(actor=person("iso.analyst"), at=at_next_wednesday(at))
        return {i.sc.code: i for i in made}

    return go


def at_next_wednesday(at):
    from datetime import timedelta

    while at.weekday() != 2:
        at += timedelta(days=1)
    return at + timedelta(days=7)


@pytest.fixture
def hand_made(person, db):
    """Make invoices with these nets for one payment date, in the ledger too; return them."""

    def go(nets, due=date(2024, 9, 24), day=date(2024, 9, 18)):
        from apps.settlement.clearing.codes import Account
        from apps.settlement.clearing.services.ledger import Happening, Side, post

        actor, made = person("iso.analyst"), {}
        for code, text in nets.items():
            net = Decimal(text)
            sc = Party.objects.get(code=code)
            invoice = Invoice.objects.create(
                number=f"{day:%Y%m%d}-{code}-{Invoice.objects.count()}",
                sc=sc,
                day=day,
                first_date=day,
                last_date=day,
                due=due,
                charges=max(net, ZERO),
                payments=min(net, ZERO),
                net=net,
                issued_at=moment(day),
                issued_by=actor,
            )
            post(
                Happening("INVOICE", f"Invoice {invoice}", actor, moment(day), payment_date=due),
                [Side(Account.SC, net, sc.pk, invoice.pk), Side(Account.MARKET, -net)],
            )
            made[code] = invoice
        return made

    return go


@pytest.fixture
def pay_in(person):
    """Have money of an SC received and confirmed."""

    def go(code, amount, on=date(2024, 9, 24), reference=None):
        case = services.enter_receipt(
            given=services.ReceiptInput(code, Decimal(amount), on, reference or f"{code} {amount}"),
            actor=person("iso.analyst"),
            at=moment(on),
        )
        return services.confirm_receipt(
            case_id=case.pk, actor=person("iso.approver"), at=moment(on)
        )

    return go


@pytest.fixture
def credit(person):
    """Have a limit, security or other credit entry approved."""

    def go(kind, amount, code="", first=date(2024, 9, 1)):
        case = services.propose_credit(
            given=services.CreditEntryInput(kind, Decimal(amount), first, "agreement", code),
            actor=person("iso.analyst"),
            at=moment(first),
        )
        return services.approve_credit(
            case_id=case.pk, actor=person("iso.approver"), at=moment(first)
        )

    return go


@pytest.fixture
def close(person):
    """Prepare and close a payment date by two people."""

    def go(day=date(2024, 9, 24)):
        case = services.prepare_date(day=day, actor=person("iso.analyst"), at=moment(day))
        return services.close_day(case_id=case.pk, actor=person("iso.approver"), at=moment(day))

    return go
