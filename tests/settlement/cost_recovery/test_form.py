"""The form of a request: rows, the sum before saving, and where it is opened from."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.platform.documents.models import Document
from apps.reference.resources.models import Resource
from apps.reliability.designations.selectors import contracts
from apps.reliability.designations.services import (
    DisclosureInput,
    disclosure_approve,
    propose_disclosure,
)
from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryItem
from apps.settlement.cost_recovery.selectors import recoverable_resources
from apps.settlement.statements.models import Statement
from tests.conftest import DAY
from tests.reliability.retirements.papers import PAPER

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1265", "BRQ-1270")]
DESK = "/cost-recovery-requests"
LABEL = "New cost recovery request"
ROWS = {
    "kind": "GAS",
    "resource": "SUNSET_2_UNITS",
    "reason": "second hub",
    "items": "",
    "items-0-trade_date": "2024-09-04",
    "items-0-first_hour": "7",
    "items-0-last_hour": "22",
    "items-0-amount": "12,450.00",
    "items-0-what": "Replacement gas",
}


def value_of(page, name):
    """Return the value of a box of a page."""
    box = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
    return re.search(r'value="([^"]*)"', box)[1]


def test_the_sum_is_shown_and_nothing_kept_before_it_was(settle, as_user):
    settle()
    client = as_user("sc.sunset")
    answer = client.post(f"{DESK}/new/", ROWS)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Claimed total $12,450.00: check the rows, then save." in page
    assert value_of(page, "items-total") == "12,450.00"
    assert value_of(page, "items-0-last_hour") == "22"
    assert not CostRecoveryRequest.objects.exists()
    # another sum than the one shown is shown again
    answer = client.post(f"{DESK}/new/", ROWS | {"items-total": "12.00"})
    assert answer.status_code == 200
    assert not CostRecoveryRequest.objects.exists()
    answer = client.post(f"{DESK}/new/", ROWS | {"items-total": "12,450.00"})
    assert answer.status_code == 302
    (case,) = CostRecoveryRequest.objects.all()
    assert (case.state, case.claimed) == ("DRAFT", Decimal("12450.00"))
    assert list(RecoveryItem.objects.values_list("first_hour", "last_hour", "what")) == [
        (7, 22, "Replacement gas")
    ]
    # so is the sum of other items of the draft
    more = {k: v for k, v in ROWS.items() if k.startswith("items")} | {"items-0-amount": "7"}
    answer = client.post(f"{DESK}/{case.pk}/revise/", more)
    assert answer.status_code == 200
    assert "Claimed total $7.00" in answer.content.decode()
    case.refresh_from_db()
    assert case.revision == 1
    client.post(f"{DESK}/{case.pk}/revise/", more | {"items-total": "7.00"})
    case.refresh_from_db()
    assert (case.revision, case.claimed) == (2, Decimal(7))


def test_pasted_lines_stand_in_rows_before_they_are_kept(settle, as_user):
    settle()
    client = as_user("sc.sunset")
    lines = "2024-09-04 HE7-HE22 12,450.00 gas\n2024-09-05 1.50 <b>hose</b>"
    body = {"kind": "REPAIR", "resource": "SUNSET_2_UNITS", "reason": "r", "items": lines}
    page = client.post(f"{DESK}/new/", body).content.decode()
    assert "Claimed total $12,451.50" in page
    assert value_of(page, "items-0-amount") == "12,450.00"
    assert value_of(page, "items-1-trade_date") == "2024-09-05"
    assert value_of(page, "items-1-what") == "&lt;b&gt;hose&lt;/b&gt;"
    assert not CostRecoveryRequest.objects.exists()


def test_a_fault_stands_beneath_its_row_and_nothing_typed_is_lost(settle, as_user):
    settle()
    client = as_user("sc.sunset")
    second = {"items-1-trade_date": "2024-09-05", "items-1-amount": "31,91", "items-1-what": "hose"}
    answer = client.post(f"{DESK}/new/", ROWS | second)
    page = answer.content.decode()
    assert answer.status_code == 400
    beneath = re.search(r'<td colspan="6" id="id_items-fault-1">(.*?)</td>', page)[1]
    assert "Row 2:" in beneath
    assert "a decimal sign is a point" in beneath
    assert page.count('class="row-fault"') == 1
    assert value_of(page, "items-1-amount") == "31,91"
    assert value_of(page, "items-0-amount") == "12,450.00"
    assert not CostRecoveryRequest.objects.exists()


def beneath(page, name):
    """Return the faults beneath each row of a table, by its number from 1."""
    found = re.findall(rf'id="id_{name}-fault-(\d+)">(.*?)</td>', page, re.DOTALL)
    return {int(number) + 1: said.strip() for number, said in found}


def test_a_date_that_cannot_be_is_said_beneath_its_row_and_not_of_the_resource(settle, as_user):
    settle()
    client = as_user("sc.sunset")
    rows = ROWS | {
        "items-1-trade_date": "2017-01-01",
        "items-1-amount": "5.00",
        "items-2-trade_date": "2031-01-01",
        "items-2-amount": "6.00",
        "items-total": "12,461.00",
    }
    answer = client.post(f"{DESK}/new/", rows)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert set(beneath(page, "items")) == {2, 3}
    assert beneath(page, "items")[3] == "2031-01-01 has not passed yet."
    assert "2017-01-01" in beneath(page, "items")[2]
    assert "2 rows to correct: see the sentence beneath each." in page
    resource = page.index('name="resource"')
    assert "REC-RES" not in page[resource : page.index('data-rows="items"')]
    # an unknown resource is wrong on every date, and said once, of the resource
    page = client.post(f"{DESK}/new/", rows | {"resource": "SUNSET_2_UNIT"}).content.decode()
    assert beneath(page, "items") == {}
    assert page.count("SUNSET_2_UNIT is no resource of yours.") == 1
    assert not CostRecoveryRequest.objects.exists()


def test_what_a_draft_lacks_is_said_before_it_is_submitted(settle, as_user):
    settle()
    client = as_user("sc.sunset")
    client.post(f"{DESK}/new/", ROWS | {"items-total": "12,450.00"})
    (case,) = CostRecoveryRequest.objects.all()
    submit, page = f'action="{DESK}/{case.pk}/submit/"', f"{DESK}/{case.pk}/"
    before = client.get(page).content.decode()
    assert "To submit, attach a document that shows the cost, such as an invoice." in before
    assert '<a class="button primary" href="#documents">Attach a document</a>' in before
    assert submit not in before
    client.post(
        f"/documents/cost-recovery-requests/{case.pk}/",
        {"document": SimpleUploadedFile("invoice.pdf", PAPER)},
    )
    after = client.get(page).content.decode()
    assert "To submit, attach a document" not in after
    assert submit in after


def test_nothing_is_attached_to_a_request_that_was_withdrawn_or_decided(settle, reviewed, as_user):
    settle()
    client = as_user("sc.sunset")
    client.post(f"{DESK}/new/", ROWS | {"items-total": "12,450.00"})
    (case,) = CostRecoveryRequest.objects.all()
    page, attach = f"{DESK}/{case.pk}/", f"/documents/cost-recovery-requests/{case.pk}/"
    assert f'action="{attach}"' in client.get(page).content.decode()
    client.post(f"{DESK}/{case.pk}/withdraw/", {})
    assert f'action="{attach}"' not in client.get(page).content.decode()
    answer = client.post(f"/api/v1{attach}", {"document": SimpleUploadedFile("i.pdf", PAPER)})
    assert answer.status_code == 400
    assert answer.json()["code"] == "DOC-ENDED"
    assert not Document.objects.filter(case_id=case.pk).exists()
    over = CostRecoveryRequest.STATES.is_over
    assert {s for s in CostRecoveryRequest.STATES.names if over(s)} == {
        "APPROVED",
        "REFUSED",
        "WITHDRAWN",
        "SETTLED",
    }


def test_rows_are_added_and_removed_without_script(settle, as_user):
    settle()
    client = as_user("sc.sunset")
    page = client.post(f"{DESK}/new/", ROWS | {"rows": "add:items"}).content.decode()
    assert value_of(page, "items-0-amount") == "12,450.00"
    assert value_of(page, "items-1-trade_date") == "2024-09-04"
    assert "second hub" in page
    page = client.post(f"{DESK}/new/", ROWS | {"rows": "drop:items:0"}).content.decode()
    assert value_of(page, "items-0-amount") == ""
    assert "items-1-amount" not in page
    for odd in ("drop:items:9", "drop:items", "add:reason", "x", "drop:items:-1"):
        answer = client.post(f"{DESK}/new/", ROWS | {"rows": odd})
        assert answer.status_code == 200, odd
    assert not CostRecoveryRequest.objects.exists()


def test_the_resource_is_chosen_from_ones_own(settle, as_user, person):
    settle()
    page = as_user("sc.sunset").get(f"{DESK}/new/").content.decode()
    box = re.search(r'<select name="resource".*?</select>', page, re.DOTALL)[0]
    own = recoverable_resources(viewer=person("sc.sunset").viewer())
    assert "SUNSET_2_UNITS" in own
    assert [v for v in re.findall(r'value="([^"]*)"', box) if v] == own
    every = contracts(viewer=person("iso.admin").viewer())
    others = set(every.values_list("resource__code", flat=True)) - set(own)
    assert others
    assert not any(code in page for code in others)
    assert recoverable_resources(viewer=person("iso.admin").viewer()) == []
    assert as_user("iso.admin").get(f"{DESK}/new/").status_code == 403


def test_the_form_is_reached_from_every_page_about_it_by_who_may_file(settle, as_user):
    run = settle()
    sunset = Resource.objects.get(code="SUNSET_2_UNITS")
    statement = Statement.objects.get(run=run, sc__code="SYN_GEN_SUNSET")
    pages = {
        "/": "",
        f"{DESK}/": "",
        f"/resources/{sunset.pk}/": "?resource=SUNSET_2_UNITS",
        f"/trade-dates/{DAY}/": f"?trade_date={DAY}",
        f"/statements/{statement.pk}/": f"?trade_date={DAY}",
    }
    sc = as_user("sc.sunset")
    for address, query in pages.items():
        page = sc.get(address).content.decode()
        link = f'<a class="button primary" href="{DESK}/new/{query}">{LABEL}</a>'
        assert page.count(link) == 1, address
        assert sc.get(f"{DESK}/new/{query}").status_code == 200
    begun = sc.get(f"{DESK}/new/?resource=SUNSET_2_UNITS&trade_date={DAY}").content.decode()
    assert value_of(begun, "items-0-trade_date") == str(DAY)
    assert re.search(r'value="SUNSET_2_UNITS"( selected)?', begun)
    for name in ("iso.admin", "iso.analyst", "iso.approver"):
        client = as_user(name)
        for address in pages:
            answer = client.get(address)
            assert answer.status_code == 200, (name, address)
            assert f"{DESK}/new/" not in answer.content.decode(), (name, address)
    other = as_user("sc.bay")
    assert other.get(f"/resources/{sunset.pk}/").status_code == 404
    assert "SUNSET" not in other.get(f"/trade-dates/{DAY}/").content.decode()
    sc = as_user("sc.sunset")
    for odd in ("?trade_date=x", "?resource=GRNLF2_1_UNIT", "?trade_date=9999-99-99"):
        page = sc.get(f"{DESK}/new/{odd}")
        assert page.status_code == 200
        assert 'option value="GRNLF2' not in page.content.decode()


def test_an_approver_types_amounts_beside_the_items(reviewed, as_user):
    case = reviewed(kind="REPAIR", items="2024-09-04 2,500.00 valve\n2024-09-04 50.00 hose")
    client = as_user("iso.approver")
    page = client.get(f"{DESK}/{case.pk}/").content.decode()
    assert value_of(page, "granted-0-item") == "1"
    assert value_of(page, "granted-0-claimed") == "2,500.00"
    rows = {
        "granted-0-item": "1",
        "granted-0-amount": "1,400",
        "granted-1-item": "2",
        "granted-1-amount": "",
    }
    answer = client.post(f"{DESK}/{case.pk}/approve/", rows)
    assert answer.status_code == 400
    assert "Row 1:" in answer.content.decode()
    case.refresh_from_db()
    assert (case.state, case.approved) == ("REVIEWED", None)
    client.post(f"{DESK}/{case.pk}/approve/", rows | {"granted-0-amount": "1,400.00"})
    case.refresh_from_db()
    assert (case.state, case.approved) == ("APPROVED", Decimal("1450.00"))


def test_what_one_person_typed_wrongly_is_told_to_nobody_else(as_user):
    client = as_user("sc.sunset")
    for _ in range(2):
        page = client.post(f"{DESK}/new/", ROWS | {"items-0-amount": "31,91"}).content.decode()
        assert page.count("is not a clear number") == 1
    future = ROWS | {"items-0-trade_date": "2031-01-01", "items-total": "12,450.00"}
    page = client.post(f"{DESK}/new/", future).content.decode()
    assert page.count("has not passed yet") == 1
    assert "clear number" not in page
    assert "1 row to correct: see the sentence beneath each." in page  # this one, of this person
    del future["items-0-trade_date"], future["items-0-amount"]
    page = client.post(f"{DESK}/new/", future | {"kind": "COAL"}).content.decode()
    assert "has not passed yet" not in page
    assert not CostRecoveryRequest.objects.filter(reason="second hub").exists()


def test_an_open_contract_is_read_by_an_sc_and_still_not_its_own(person, now, as_user):
    case = propose_disclosure(
        given=DisclosureInput(
            contract_no="RMR-SUNSET",
            kind="OPEN",
            first_date=date(2020, 1, 1),
            ferc_docket="ER24-1",
            reason="on FERC's site",
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    disclosure_approve(case_id=case.pk, actor=person("iso.approver"), at=now)
    bay = person("sc.bay").viewer()
    assert contracts(viewer=bay).filter(contract_no="RMR-SUNSET").exists()
    assert recoverable_resources(viewer=bay) == []
    assert LABEL not in as_user("sc.bay").get("/").content.decode()
    assert recoverable_resources(viewer=person("sc.sunset").viewer()) != []
