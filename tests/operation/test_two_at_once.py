"""Two people, or one person twice, at the same moment: once it happens, the other is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages

from apps.platform.audit.models import AuditEvent
from tests.operation.conftest import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1265", "BRQ-1275", "BRQ-1401")]
DESK = "/cost-recovery-requests"


def told(answer):
    return " ".join(str(m) for m in get_messages(answer.wsgi_request))


def test_two_approvers_at_once_approve_once_and_the_other_is_told(
    committed, waiting_request, browser
):
    from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryGrant

    address = f"{DESK}/{waiting_request.pk}/approve/"
    one, other = browser("iso.approver"), browser("iso.admin")
    answers = at_once(
        lambda: one.post(address, {"granted": "1 100.00"}),
        lambda: other.post(address, {"granted": "1 200.00"}),
    )
    assert [a.status_code for a in answers] == [302, 302]
    case = CostRecoveryRequest.objects.get()
    assert case.state == "APPROVED"
    assert RecoveryGrant.objects.get().approved == case.approved
    assert case.approved in (Decimal(100), Decimal(200))
    approvals = AuditEvent.objects.filter(action="cost_recovery.costrecoveryrequest.approved")
    assert approvals.count() == 1
    assert approvals.get().actor == case.decided_by
    assert sum("APPROVED cannot be asked to approve" in told(a) for a in answers) == 1


def test_an_approval_and_a_refusal_at_once(committed, waiting_request, browser):
    from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryGrant

    one, other = browser("iso.approver"), browser("iso.admin")
    at_once(
        lambda: one.post(f"{DESK}/{waiting_request.pk}/approve/", {}),
        lambda: other.post(f"{DESK}/{waiting_request.pk}/refuse/", {"note": "no"}),
    )
    case = CostRecoveryRequest.objects.get()
    assert case.state in ("APPROVED", "REFUSED")
    assert RecoveryGrant.objects.count() == (1 if case.state == "APPROVED" else 0)


def test_a_form_sent_twice_is_filed_once(committed, browser):
    from apps.settlement.cost_recovery.models import CostRecoveryRequest

    words = {
        "kind": "REPAIR",
        "resource": "SUNSET_2_UNITS",
        "items": "2024-09-04 7.00 hose",
        "items-total": "7.00",
        "reason": "leak",
    }
    one, again = browser("sc.sunset"), browser("sc.sunset")
    answers = at_once(*(lambda c=c: c.post(f"{DESK}/new/", words) for c in (one, again)))
    assert CostRecoveryRequest.objects.count() == 1
    assert sorted(a.status_code for a in answers) == [302, 400]
    refused = next(a for a in answers if a.status_code == 400)
    assert "asked for already" in refused.content.decode()


def test_a_dispute_pressed_twice_is_filed_once(committed, user, browser):
    from apps.platform.runs import services as runs
    from apps.settlement.disputes.models import Dispute
    from apps.settlement.settlements.services import request_day
    from apps.settlement.statements.models import StatementLine

    run, _ = request_day(
        trade_date=date(2024, 9, 4),
        actor=user("iso.analyst"),
        at=datetime.now(UTC),
        reason="test",
        run_type="T+70B",
    )
    run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
    runs.publish(run_id=run.pk, actor=user("iso.approver"), at=datetime.now(UTC))
    line = StatementLine.objects.filter(statement__sc__code="SYN_LSE_BAY").first()
    words = {
        "statement": line.statement_id,
        "line": line.line_no,
        "should_be": "0",
        "reason": "read twice",
    }
    answers = at_once(
        *(
            lambda c=c: c.post("/disputes/new/", words)
            for c in (browser("sc.bay"), browser("sc.bay.admin"))
        )
    )
    assert Dispute.objects.count() == 1
    assert sorted(a.status_code for a in answers) == [302, 400]


def test_money_confirmed_twice_at_once_is_entered_once(committed, user, browser):
    from apps.settlement.clearing import services
    from apps.settlement.clearing.models import Entry

    case = services.enter_receipt(
        given=services.ReceiptInput("SYN_LSE_BAY", Decimal(500), date(2024, 9, 24), "W1"),
        actor=user("iso.analyst"),
        at=datetime.now(UTC),
    )
    address = f"/receipts/{case.pk}/confirm/"
    answers = at_once(
        *(lambda c=c: c.post(address, {}) for c in (browser("iso.approver"), browser("iso.admin")))
    )
    assert Entry.objects.filter(kind="RECEIPT").count() == 1
    assert sum("CONFIRMED cannot be asked to confirm" in told(a) for a in answers) == 1


def test_invoices_issued_twice_at_once_bill_each_statement_once(committed, user):
    from datetime import timedelta

    from apps.platform.runs import services as runs
    from apps.settlement.clearing import services
    from apps.settlement.clearing.models import InvoiceStatement
    from apps.settlement.settlements.services import request_day
    from apps.settlement.statements.models import Statement

    run, _ = request_day(
        trade_date=date(2024, 9, 4), actor=user("iso.analyst"), at=datetime.now(UTC), reason="test"
    )
    run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
    runs.publish(run_id=run.pk, actor=user("iso.approver"), at=datetime.now(UTC))
    later, actor = datetime.now(UTC) + timedelta(days=14), user("iso.analyst")
    made = at_once(*(lambda: services.issue_invoices(actor=actor, at=later) for _ in range(2)))
    assert sorted(len(m) > 0 for m in made) == [False, True]
    assert InvoiceStatement.objects.count() == Statement.objects.count()


def test_a_run_published_by_two_at_once_is_published_once(committed, user):
    from apps.platform.audit.services import MoveRefused
    from apps.platform.runs import services as runs
    from apps.platform.runs.models import Publication
    from apps.settlement.settlements.services import request_day
    from apps.settlement.statements.models import Statement

    run, _ = request_day(
        trade_date=date(2024, 9, 4), actor=user("iso.analyst"), at=datetime.now(UTC), reason="test"
    )
    run = runs.execute(run_id=run.pk, at=datetime.now(UTC))

    def publish(who):
        try:
            return runs.publish(run_id=run.pk, actor=who, at=datetime.now(UTC)).state
        except MoveRefused as trouble:
            return str(trouble)

    people = [user("iso.approver"), user("iso.admin")]
    said = at_once(*(lambda p=p: publish(p) for p in people))
    assert sorted(s == "PUBLISHED" for s in said) == [False, True]
    assert Publication.objects.count() == 1
    assert Statement.objects.filter(run=run).values("sc").distinct().count() == (
        Statement.objects.filter(run=run).count()
    )
