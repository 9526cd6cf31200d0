"""From a draft to the statement line, and everything that is refused on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction

from apps.bidding.costs.selectors import deb_rows_of
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.models import Notification
from apps.settlement.cost_recovery import services
from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryGrant, RecoveryItem
from apps.settlement.cost_recovery.selectors import ageing, deadlines, recovery_requests
from apps.settlement.statements.models import StatementLine
from tests.conftest import DAY
from tests.reliability.retirements.papers import PAPER
from tests.settlement.cost_recovery.conftest import GAS

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1265", "BRQ-1270", "BRQ-1275")]
DESK = "/cost-recovery-requests"


def test_from_the_browser_to_the_statement_line(energy, as_user, settle):
    first = settle()
    client = as_user("sc.sunset")
    answer = client.post(
        f"{DESK}/new/",
        {
            "kind": "GAS",
            "resource": "SUNSET_2_UNITS",
            "items": GAS,
            "reason": "second hub",
            "items-total": "18,600.00",
        },
    )
    case = CostRecoveryRequest.objects.get()
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert case.state == "DRAFT"
    page = client.get(f"{DESK}/{case.pk}/").content.decode()
    assert "no cost basis" in page
    assert "Attach" in page
    assert "18,600.00" in page
    assert as_user("iso.analyst").get(f"{DESK}/{case.pk}/").status_code == 404  # a draft is private
    client = as_user("sc.sunset")
    client.post(f"{DESK}/{case.pk}/submit/", {})
    case.refresh_from_db()
    assert case.state == "DRAFT"  # no document yet
    client.post(
        f"/documents/cost-recovery-requests/{case.pk}/",
        {"document": SimpleUploadedFile("invoice.pdf", PAPER)},
    )
    client.post(f"{DESK}/{case.pk}/submit/", {})
    analyst = as_user("iso.analyst")
    analyst.post(f"{DESK}/{case.pk}/review/", {})
    analyst.post(f"{DESK}/{case.pk}/ask/", {"note": "Which hub was it?"})
    client = as_user("sc.sunset")
    assert "Which hub was it?" in client.get(f"{DESK}/{case.pk}/").content.decode()
    client.post(f"{DESK}/{case.pk}/answer/", {"note": "Citygate"})
    analyst = as_user("iso.analyst")
    analyst.post(f"{DESK}/{case.pk}/recommend/", {"note": "agrees", "basis": "30"})
    page = analyst.get(f"{DESK}/{case.pk}/").content.decode()
    assert "Recommend" not in page
    assert "24 intervals in the formula" in page
    as_user("iso.approver").post(f"{DESK}/{case.pk}/approve/", {"granted": "1 18600"})
    case.refresh_from_db()
    assert (case.state, case.approved) == ("APPROVED", Decimal(18600))
    expected = case_amount(case)
    again = settle()
    assert again.pk != first.pk
    case.refresh_from_db()
    assert case.state == "SETTLED"
    line = StatementLine.objects.get(run=again, charge_code="RMR-COSTREC")
    page = as_user("sc.sunset").get(f"{DESK}/{case.pk}/").content.decode()
    assert f"/statements/{line.statement_id}/lines/{line.line_no}/" in page
    alone = line.statement.billing.invoice  # its disputable runs are over: an optional run
    assert alone.run == again
    assert f"/invoices/{alone.pk}/" in page
    assert (line.amount, line.contract_no) == (expected, f"CR {case.pk}")
    lines = StatementLine.objects.filter(
        run=again, resource=case.resource, charge_code__startswith="RMR-"
    )
    assert sum(x.amount for x in lines) == 0
    before = StatementLine.objects.filter(
        run=first, charge_code="RMR-ALLOC", resource=case.resource
    )
    after = lines.filter(charge_code="RMR-ALLOC")
    assert sum(x.amount for x in after) - sum(x.amount for x in before) == -expected


def case_amount(case):
    """Work the literal reading out by hand from the file, for a basis of 30 $/MWh."""
    import csv

    from tests.settlement.cost_recovery.conftest import MARKET

    rows = csv.DictReader((MARKET / "market_intervals_2024-09-04.csv").read_text().splitlines())
    mine = [
        (Fraction(r["METERED_MWH"]), Fraction(r["RTD_LMP"]))
        for r in rows
        if r["RESOURCE_ID"] == "SUNSET_2_UNITS"
    ]
    actual = Fraction(18600) / sum(mwh for mwh, _ in mine)
    total = sum(mwh * max(0, min(actual, lmp) - 30) for mwh, lmp in mine)
    (day,) = services.preview_of(case)
    amount = -Decimal(round(total * 100)) / 100
    assert day.amount == amount
    assert amount < 0
    return amount


def test_what_cannot_be_asked_for_is_refused_and_nothing_is_kept(file, person):
    def refused(code, **words):
        with pytest.raises(ValidationFailed) as caught:
            file(**words)
        assert code in {f.code for f in caught.value.violations}, caught.value.violations

    refused("REC-RES", resource="GRNLF2_1_UNIT")  # somebody else's
    refused("REC-RES", resource="NO SUCH")
    refused("REC-RES", items="2031-01-01 5.00")  # has not passed
    refused("REC-RES", items="2019-01-01 5.00")  # no contract then
    refused("REC-ROLE", who="iso.analyst")
    refused("REC-KIND", kind="COAL")
    refused("REC-REASON", reason=" \x00")
    refused("REC-TWICE", items=f"{GAS}\n{GAS}")
    for items in (
        "",
        "nonsense",
        "2024-09-04 HE0-HE3 1.00",
        "2024-09-04 HE5-HE3 1",
        "2024-02-30 1",
        "2024-09-04 -5",
        "2024-09-04 0",
        "2024-09-04 1.005",
        "2024-09-04 HE1-HE25 1",
        "9999-01-01 1.00",
    ):
        refused("REC-LINE", items=items)
    refused("REC-MANY", items="\n".join(f"2024-09-04 {n}.00" for n in range(1, 402)))
    assert not CostRecoveryRequest.objects.exists()
    assert not RecoveryItem.objects.exists()


def test_items_of_a_draft_change_and_the_earlier_ones_are_kept(file, person, now):
    case = file(paper=False)
    sunset = person("sc.sunset")
    changed = services.revise(case_id=case.pk, actor=sunset, at=now, items="2024-09-04 7.00 oil")
    assert (changed.revision, changed.claimed) == (2, Decimal(7))
    assert list(case.items.values_list("revision", "claimed")) == [
        (1, Decimal(18600)),
        (2, Decimal(7)),
    ]
    with pytest.raises(ValidationFailed, match="document"):
        services.submit(case_id=case.pk, actor=sunset, at=now)
    withdrawn = services.withdraw(case_id=case.pk, actor=sunset, at=now)
    assert withdrawn.state == "WITHDRAWN"
    with pytest.raises(MoveRefused):
        services.revise(case_id=case.pk, actor=sunset, at=now, items=GAS)


def test_three_people_and_the_database_insist_on_it(reviewed, person, now):
    case = reviewed()
    analyst, admin = person("iso.analyst"), person("iso.admin")
    with pytest.raises(MoveRefused):
        services.approve(case_id=case.pk, actor=analyst, at=now)  # no role
    CostRecoveryRequest.objects.filter(pk=case.pk).update(reviewed_by=admin)
    with pytest.raises(MoveRefused, match="You reviewed"):
        services.approve(case_id=case.pk, actor=admin, at=now)
    with pytest.raises(MoveRefused, match="You reviewed"):
        services.refuse(case_id=case.pk, actor=admin, at=now, note="no")
    for wrong in ({"decided_by": admin}, {"decided_by": case.opened_by}, {"decided_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CostRecoveryRequest.objects.filter(pk=case.pk).update(
                state="APPROVED", approved=Decimal(1), **wrong
            )
    refused = services.refuse(case_id=case.pk, actor=person("iso.approver"), at=now, note="no")
    assert refused.state == "REFUSED"
    assert not RecoveryGrant.objects.exists()


def test_grants_stay_within_the_claim_and_nothing_half_approved_stays(reviewed, person, now):
    case = reviewed(kind="REPAIR", items="2024-09-04 100.00 valve\n2024-09-04 50.00 hose")
    approver = person("iso.approver")
    for granted in ("1 100.01", "3 1.00", "1 -5", "1", "one 5", "1 1.005", "1 0\n2 0"):
        with pytest.raises(ValidationFailed):
            services.approve(case_id=case.pk, actor=approver, at=now, granted=granted)
    case.refresh_from_db()
    assert case.state == "REVIEWED"
    done = services.approve(case_id=case.pk, actor=approver, at=now, granted="2: 12.34")
    assert done.approved == Decimal("112.34")
    assert list(RecoveryGrant.objects.values_list("approved", flat=True)) == [
        Decimal(100),
        Decimal("12.34"),
    ]
    (day,) = services.preview_of(done)
    assert day.amount == Decimal("-112.34")


def test_without_a_basis_it_is_not_approved_and_the_day_says_so(energy, reviewed, person, now):
    case = reviewed(basis=None)
    (day,) = services.preview_of(case)
    assert day.amount is None
    assert "no cost basis" in day.items[0][1].sentence
    with pytest.raises(ValidationFailed, match="no cost basis"):
        services.approve(case_id=case.pk, actor=person("iso.approver"), at=now)
    case.refresh_from_db()
    assert case.state == "REVIEWED"
    assert not RecoveryGrant.objects.exists()


def test_who_sees_a_request_and_who_is_told(file, person, now, as_user):
    case = file()
    services.submit(case_id=case.pk, actor=person("sc.sunset"), at=now)
    assert Notification.objects.filter(
        user=person("iso.analyst"), title__contains="18,600.00"
    ).exists()
    assert not recovery_requests(viewer=person("sc.bay").viewer()).exists()
    assert as_user("sc.bay").get(f"{DESK}/{case.pk}/").status_code == 404
    assert as_user("sc.bay").get(f"/api/v1{DESK}/{case.pk}/").status_code == 404
    year = timedelta(days=365)
    assert deadlines(person("iso.analyst").viewer(), now, now + year)
    assert not deadlines(person("sc.sunset").viewer(), now, now + year)
    services.review(case_id=case.pk, actor=person("iso.analyst"), at=now)
    asked = services.ask(case_id=case.pk, actor=person("iso.analyst"), at=now, note="which?")
    assert asked.answer_by
    assert deadlines(person("sc.sunset").viewer(), now, now + year)
    rows = ageing(
        recovery_requests(viewer=person("iso.analyst").viewer()),
        today=(now + timedelta(days=20)).date(),
    )
    assert [r["QUESTION"] for r in rows] == [0, 0, 1, 0, 0]
    page = as_user("iso.analyst").get(f"{DESK}/").content.decode()
    assert "Waiting requests by age" in page


def test_the_api_and_the_command_do_the_same(energy, as_user, capsys, person):
    client = as_user("sc.sunset")
    body = {
        "kind": "MOTORING",
        "resource": "SUNSET_2_UNITS",
        "items": "2024-09-04 9.99",
        "reason": "cold start",
    }
    answer = client.post(f"/api/v1{DESK}/new/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    number = answer.json()["id"]
    wrong = client.post(
        f"/api/v1{DESK}/new/", body | {"items": "x"}, content_type="application/json"
    )
    assert wrong.status_code == 400
    assert "REC-LINE" in wrong.content.decode()
    words = [f"{k}={v}" for k, v in (body | {"kind": "REPAIR"}).items()]
    call_command("case", "open", "cost-recovery-requests", *words, "--as", "sc.sunset")
    assert CostRecoveryRequest.objects.count() == 2
    answer = client.post(f"/api/v1{DESK}/{number}/withdraw/", {}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert CostRecoveryRequest.objects.get(pk=number).state == "WITHDRAWN"


def test_a_settled_version_keeps_what_it_read(energy, reviewed, person, settle, now):
    first = settle()
    case = reviewed()
    services.approve(case_id=case.pk, actor=person("iso.approver"), at=datetime.now(UTC))
    assert first.stale_marks.last().stale
    assert "CR" in first.stale_marks.last().cause
    settle()
    assert not StatementLine.objects.filter(run=first, charge_code="RMR-COSTREC").exists()
    assert StatementLine.objects.filter(trade_date=DAY, charge_code="RMR-COSTREC").count() == 1


def test_the_daily_cost_basis_counts_where_none_is_set(
    energy, costs_on_file, calculate, reviewed, person, now, settle
):
    run = calculate()
    case = reviewed(basis=None)
    (day,) = services.preview_of(case)
    found = day.items[0][1]
    segments = deb_rows_of(run, {case.resource_id})
    at_output = next(s for s in segments if s.to_mw >= Decimal("15.5") * 12)
    assert {i.basis for i in found.intervals} == {Fraction(at_output.published)}
    assert day.amount is not None
    done = services.approve(case_id=case.pk, actor=person("iso.approver"), at=datetime.now(UTC))
    again = settle()
    lines = StatementLine.objects.filter(run=again, charge_code="RMR-COSTREC")
    assert sum(x.amount for x in lines) == day.amount
    done.refresh_from_db()
    assert done.state == "SETTLED"
