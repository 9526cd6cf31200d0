"""The worked default from invoice to late receipt, reversal and loss; the books balance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.settlement.clearing import services
from apps.settlement.clearing.codes import LEGACY_BOOK, Account
from apps.settlement.clearing.models import Entry, PaymentDay, PaymentDefault, Posting, Receipt
from apps.settlement.clearing.selectors import (
    balance_of,
    balances,
    open_invoices,
    parts_of,
    unassigned,
    waiting_for,
)
from apps.settlement.clearing.services.ledger import Happening, Side, Unbalanced, post
from tests.settlement.clearing.conftest import moment

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1401", "BRQ-1410")]
DUE = date(2024, 9, 24)
D, A, B = "SYN_LSE_BAY", "SYN_GEN_SUNSET", "SYN_GEN_SOUTH"
usd = Decimal


def sums(kind=None):
    rows = Posting.objects.filter(entry__kind=kind) if kind else Posting.objects.all()
    found = {}
    for p in rows.select_related("sc"):
        key = (p.account, p.sc.code if p.sc else "")
        found[key] = found.get(key, Decimal(0)) + p.amount
    return {k: v for k, v in found.items() if v}


def in_balance():
    return sum(r["balance"] for r in balances()) == 0


@pytest.fixture
def defaulted(hand_made, pay_in, credit, close):
    """The worked default: D owes 300,000 and pays 200,000; security 60,000, reserve 10,000."""
    hand_made({D: "300000", A: "-200000", B: "-100000"})
    credit("SECURITY", "60000", D)
    credit("RESERVE", "10000")
    pay_in(D, "200000")
    close()
    return PaymentDefault.objects.get()


def test_the_worked_default_from_security_to_the_last_receipt(defaulted, pay_in):
    assert (defaulted.unpaid, defaulted.security, defaulted.reserve, defaulted.shortfall) == (
        usd(100000),
        usd(60000),
        usd(10000),
        usd(30000),
    )
    assert sums("SHORTFALL") == {
        ("SC", A): usd(20000),
        ("SHORTFALL", A): usd(-20000),
        ("SC", B): usd(10000),
        ("SHORTFALL", B): usd(-10000),
    }
    assert sums("PAYMENT") == {
        ("SC", A): usd(180000),
        ("SC", B): usd(90000),
        ("CASH", ""): usd(-270000),
    }
    assert balance_of(Account.CASH) == 0
    assert in_balance()
    pay_in(D, "15000", date(2024, 10, 1))
    assert sums("RECEIPT_DISTRIBUTION") == {
        ("SHORTFALL", A): usd(10000),
        ("SHORTFALL", B): usd(5000),
        ("CASH", ""): usd(-15000),
    }
    last = pay_in(D, "25000", date(2024, 10, 2))
    defaulted.refresh_from_db()
    assert (defaulted.state, defaulted.received) == ("CURED", usd(40000))
    assert waiting_for(DUE) == {}
    assert balance_of(Account.RESERVE) == usd(10000)
    assert balance_of(Account.CASH) == 0
    assert not open_invoices()
    assert last.state == "CONFIRMED"
    assert in_balance()


def test_its_sc_sees_a_default_and_nobody_else_does(defaulted, as_user):
    assert (
        "100,000.00" in as_user("sc.bay").get(f"/payment-defaults/{defaulted.pk}/").content.decode()
    )
    assert as_user("sc.sunset").get(f"/payment-defaults/{defaulted.pk}/").status_code == 404
    page = as_user("iso.analyst").get(f"/payment-dates/{defaulted.payment_day_id}/")
    text = page.content.decode()
    assert "20,000.00" in text
    assert "charts.js" in text
    assert as_user("sc.bay").get(f"/payment-dates/{defaulted.payment_day_id}/").status_code == 403


@pytest.mark.brq("BRQ-1401")
def test_a_bounced_receipt_is_taken_back_with_what_was_given_on(defaulted, pay_in, person):
    before = sums()
    late = pay_in(D, "15000", date(2024, 10, 1))
    assert sums() != before
    services.reverse_receipt(
        case_id=late.pk, actor=person("iso.approver"), at=moment(date(2024, 10, 3)), note="bounced"
    )
    assert sums() == before
    assert {e.sentence[:7] for e in Entry.objects.filter(kind="REVERSAL")} == {"CC 5901"}
    defaulted.refresh_from_db()
    assert (defaulted.state, defaulted.received) == ("OPEN", 0)
    again = pay_in(D, "40000", date(2024, 10, 4))
    defaulted.refresh_from_db()
    assert defaulted.state == "CURED"
    services.reverse_receipt(
        case_id=again.pk, actor=person("iso.approver"), at=moment(date(2024, 10, 5)), note="bounced"
    )
    defaulted.refresh_from_db()
    assert (defaulted.state, defaulted.received) == ("OPEN", 0)
    assert sums() == before


def test_a_loss_makes_creditors_whole_and_charges_everybody(defaulted, hand_made, person, close):
    hand_made({"SYN_LSE_NORTH": "5000", A: "-4000"}, day=date(2024, 5, 15), due=date(2024, 5, 21))
    case = services.propose_loss(
        given=services.LossInput(defaulted.pk, "board"), actor=person("iso.analyst"), at=moment(DUE)
    )
    assert case.amount == usd(30000)
    assert (case.first_date, case.last_date) == (date(2023, 7, 1), date(2024, 6, 30))
    shares = {m["sc"]: Decimal(m["share"]) for m in case.measures}
    assert sum(shares.values()) == usd(30000)
    assert D not in shares
    # A: all that is payable and 4/9 of absolute invoices; nobody has energy in the look-back
    assert shares == {A: usd("20000.00"), "SYN_LSE_NORTH": usd("10000.00")}
    services.approve_loss(case_id=case.pk, actor=person("iso.approver"), at=moment(DUE))
    defaulted.refresh_from_db()
    assert defaulted.state == "LOST"
    assert waiting_for(DUE) == {}
    owed = {sc: total for sc, total in sums("DEFAULT_LOSS").items() if sc[0] == "SC"}
    assert owed[("SC", B)] == usd(-10000)
    assert ("SC", A) not in owed  # its share is what it waited for
    assert in_balance()


def test_what_is_apart_from_invoices_is_settled_on_the_next_payment_date(
    defaulted, hand_made, person, pay_in, close
):
    hand_made({"SYN_LSE_NORTH": "5000"}, day=date(2024, 5, 15), due=date(2024, 5, 21))
    pay_in("SYN_LSE_NORTH", "5000")
    case = services.propose_loss(
        given=services.LossInput(defaulted.pk, "board"), actor=person("iso.analyst"), at=moment(DUE)
    )
    services.approve_loss(case_id=case.pk, actor=person("iso.approver"), at=moment(DUE))
    pay_in("SYN_LSE_NORTH", "30000", date(2024, 10, 1))
    day = close(date(2024, 10, 1))
    assert [(p["sc"], p["paid"]) for p in day.plan["paid"]] == [(B, "10000.00"), (A, "20000.00")]
    assert unassigned() == {}
    assert in_balance()


def test_nobody_defaults_twice_on_the_same_debt(defaulted, hand_made, person, pay_in, close):
    north, later = "SYN_LSE_NORTH", date(2024, 10, 8)
    hand_made({north: "5000"}, day=date(2024, 5, 15), due=date(2024, 5, 21))
    pay_in(north, "5000")
    case = services.propose_loss(
        given=services.LossInput(defaulted.pk, "board"), actor=person("iso.analyst"), at=moment(DUE)
    )
    services.approve_loss(case_id=case.pk, actor=person("iso.approver"), at=moment(DUE))
    day = close(date(2024, 10, 1))
    assert [d["sc"] for d in day.plan["defaults"]] == [north]
    hand_made({"SYN_LSE_VALLEY": "50", A: "-50"}, due=later, day=date(2024, 10, 2))
    pay_in("SYN_LSE_VALLEY", "50", later)
    again = close(later)
    assert again.plan["defaults"] == []
    assert [(p["sc"], p["paid"]) for p in again.plan["paid"]] == [(A, "50.00")]
    pay_in(north, "30000", date(2024, 10, 9))
    mended = PaymentDefault.objects.get(sc__code=north)
    assert (mended.state, mended.received) == ("CURED", usd(30000))
    assert waiting_for(date(2024, 10, 1)) == {}
    assert balance_of(Account.CASH) == usd(5000)  # of May, when nobody was owed anything
    assert in_balance()


def test_nothing_is_closed_that_was_not_shown(hand_made, pay_in, person):
    hand_made({D: "100", A: "-100"})
    case = services.prepare_date(day=DUE, actor=person("iso.analyst"), at=moment(DUE))
    pay_in(D, "100")
    with pytest.raises(MoveRefused, match="Prepare it again"):
        services.close_day(case_id=case.pk, actor=person("iso.approver"), at=moment(DUE))
    with pytest.raises(ValidationFailed, match="already"):
        services.prepare_date(day=DUE, actor=person("iso.analyst"), at=moment(DUE))
    services.prepare_again(case_id=case.pk, actor=person("iso.analyst"), at=moment(DUE))
    with pytest.raises(MoveRefused):
        services.close_day(case_id=case.pk, actor=person("iso.analyst"), at=moment(DUE))
    closed = services.close_day(case_id=case.pk, actor=person("iso.approver"), at=moment(DUE))
    assert closed.plan["defaults"] == []
    with pytest.raises(MoveRefused):
        services.close_day(case_id=case.pk, actor=person("iso.approver"), at=moment(DUE))
    assert sums("PAYMENT") == {("SC", A): usd(100), ("CASH", ""): usd(-100)}


def test_an_sc_stands_with_its_net_and_a_credit_counts(hand_made, pay_in, close):
    hand_made({D: "100", A: "-70", B: "-40"})
    hand_made({A: "30", D: "-20"})
    pay_in(D, "95")  # fifteen more than it owes in net
    day = close()
    assert day.plan["defaults"] == []
    assert {p["sc"]: p["paid"] for p in day.plan["paid"]} == {A: "40.00", B: "40.00", D: "15.00"}
    assert not open_invoices()
    assert unassigned() == {}
    assert balance_of(Account.CASH) == 0


def test_the_database_refuses_what_does_not_balance_or_is_changed(hand_made, person):
    hand_made({D: "5"})
    actor = person("iso.analyst")
    told = Happening("RECEIPT", "wrong", actor, moment(DUE))
    with pytest.raises(Unbalanced):
        post(told, [Side(Account.CASH, usd(1))])
    entry = Entry.objects.create(
        kind="RECEIPT", book="MARKET", day=DUE, sentence="x", actor=actor, at=moment(DUE)
    )
    with pytest.raises(DatabaseError, match="do not add up"), transaction.atomic():
        Posting.objects.create(entry=entry, account="CASH", amount=usd(1))
        connection.cursor().execute("set constraints all immediate")
    for change in (
        "update clearing_posting set amount = 7",
        "delete from clearing_posting",
        "truncate clearing_posting cascade",
        "delete from clearing_invoice",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(change)


def test_receipts_that_cannot_be(person, pay_in, now):
    def refused(code, **change):
        words = {"sc": D, "amount": usd(5), "received_on": DUE, "bank_reference": "W1"} | change
        with pytest.raises(ValidationFailed) as caught:
            services.enter_receipt(
                given=services.ReceiptInput(**words), actor=person("iso.analyst"), at=moment(DUE)
            )
        assert code in {f.code for f in caught.value.violations}

    refused("CLR-SC", sc="NOBODY")
    refused("CLR-AMOUNT", amount=usd(0))
    refused("CLR-AMOUNT", amount=usd(-1))
    refused("CLR-DATE", received_on=date(2024, 9, 26))
    refused("CLR-REFERENCE", bank_reference=" \x00")
    with pytest.raises(ValidationFailed, match="Nothing is open"):
        services.prepare_date(day=date(2024, 1, 2), actor=person("iso.analyst"), at=moment(DUE))
    pay_in(D, "5", reference="W1")
    refused("CLR-TWICE")
    assert Receipt.objects.count() == 1
    with pytest.raises(ValidationFailed, match="its day or later"):
        services.prepare_date(day=date(2024, 9, 26), actor=person("iso.analyst"), at=moment(DUE))
    with pytest.raises(ValidationFailed, match="roles"):
        services.prepare_date(day=DUE, actor=person("sc.bay"), at=moment(DUE))
    assert not PaymentDay.objects.exists()


NETS = st.dictionaries(
    st.sampled_from([A, B, "SYN_LSE_NORTH", "SYN_LSE_VALLEY"]),
    st.integers(-(10**7), 10**7),
    min_size=1,
)


@given(
    nets=NETS,
    paid=st.integers(1, 10**7),
    security=st.integers(1, 10**6),
    reserve=st.integers(1, 10**6),
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_every_book_balances(
    hand_made, pay_in, credit, close, nets, paid, security, reserve
):
    with transaction.atomic():
        whole = sum(nets.values())
        rows = {sc: Decimal(c) / 100 for sc, c in nets.items() if c}
        if whole:
            rows[D] = Decimal(-whole) / 100
        if rows:
            hand_made(rows)
        credit("SECURITY", Decimal(security) / 100, D)
        credit("RESERVE", Decimal(reserve) / 100)
        pay_in(D, Decimal(paid) / 100)
        day = close()
        assert in_balance()
        assert balance_of(Account.CASH) == 0
        late = sum(Decimal(d["shortfall"]) for d in day.plan["defaults"])
        assert -sum(parts_of(Account.SHORTFALL).values()) == late
        assert sum(Decimal(p["short"]) for p in day.plan["paid"]) == late
        transaction.set_rollback(True)


@pytest.mark.brq("BRQ-1400", "BRQ-1410")
def test_legacy_rmr_has_a_book_of_its_own(person, hand_made):
    from apps.settlement.settlements import services as settlements
    from apps.settlement.settlements.models import LegacyInvoice

    case = settlements.submit_invoice(
        given=settlements.InvoiceInput("RMR-METEC", date(2024, 9, 1), Decimal(250000), "2024-09"),
        actor=person("iso.analyst"),
        at=moment(date(2024, 10, 2)),
    )
    assert balances(LEGACY_BOOK) == []
    approver = person("iso.approver")
    settlements.decide_invoice(
        action="validate", case_id=case.pk, actor=approver, at=moment(date(2024, 10, 3))
    )
    assert {r["account"]: r["balance"] for r in balances(LEGACY_BOOK)} == {
        "SC": usd(-250000),
        "UTILITY": usd(250000),
    }
    settlements.decide_invoice(
        action="pay", case_id=case.pk, actor=approver, at=moment(date(2024, 10, 4))
    )
    assert {r["balance"] for r in balances(LEGACY_BOOK)} == {Decimal(0)}
    assert LegacyInvoice.objects.get().state == "PAID"
    assert balances() == []
    assert unassigned() == {}
    assert open_invoices() == {}
