"""What is approved after the last disputable run asks for an optional run, as one thread."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.platform.notifications.models import Notification
from apps.platform.runs import services as runs
from apps.platform.runs.models import Run
from apps.reliability.designations import services as designations
from apps.settlement.clearing.models import Invoice
from apps.settlement.settlements.models import LateCorrection
from apps.settlement.settlements.services.late import past_disputable
from apps.settlement.statements.models import Statement, StatementLine
from apps.site.home.services import DEMO
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1320", "BRQ-0255")]


@pytest.fixture
def reprice(person):
    """Approve another price of a contract from a day to the end of the demo's days."""

    def go(price="311.25", first=DAY, last=date(2024, 9, 5)):
        at = datetime.now(UTC)
        change = designations.propose_price(
            given=designations.PriceInput(
                contract_no="RMR-SUNSET",
                first_date=first,
                last_date=last,
                ferc_docket="ER24-7",
                ferc_approved_on=date(2024, 4, 1),
                reference="order",
                price=Decimal(price),
            ),
            actor=person("iso.contracts"),
            at=at,
        )
        return designations.price_approve(
            case_id=change.pk, actor=person("iso.approver"), at=datetime.now(UTC)
        )

    return go


def publish(run, person):
    run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
    assert run.state == "SEALED", run.error
    return runs.publish(run_id=run.pk, actor=person("iso.approver"), at=datetime.now(UTC))


def test_a_late_price_goes_from_approval_to_its_own_increment(settle, reprice, person, as_user):
    first = settle()
    change = reprice()
    case = LateCorrection.objects.get()
    assert (case.source, case.late, case.ahead) == ("RMR_PRICE", [DAY], [])
    assert case.address == f"/price-changes/{change.pk}/"
    assert Notification.objects.filter(user=person("iso.analyst"), topic="late-correction").exists()
    run = Run.objects.get(trade_date=DAY, run_type="OPTIONAL")
    assert run.opened_by.username == "system"
    page = as_user("iso.analyst").get(f"/late-corrections/{case.pk}/").content.decode()
    assert f"OPTIONAL no. {run.pk}" in page
    published = publish(run, person)
    case.refresh_from_db()
    assert case.state == "SETTLED"
    paid = Statement.objects.get(run=published, sc__code="SYN_GEN_SUNSET")
    expected = -248 * (Decimal("311.25") - Decimal("306.70"))
    assert paid.change == expected
    assert sum(s.change or 0 for s in Statement.objects.filter(run=published)) == 0
    assert first.pk != published.pk
    page = as_user("iso.analyst").get(f"/late-corrections/{case.pk}/").content.decode()
    assert "Increments and their invoices" in page
    bill = Invoice.objects.get(run=published, sc=paid.sc)
    assert bill.net == expected
    assert bill.number in page


def test_before_the_last_disputable_run_the_calendar_corrects_it(settle, reprice, monkeypatch):
    settle()
    monkeypatch.setattr(
        "apps.settlement.settlements.services.late.past_disputable", lambda days, today: []
    )
    reprice()
    assert not LateCorrection.objects.exists()
    assert not Run.objects.filter(run_type="OPTIONAL").exists()


def test_nothing_published_nothing_late(reprice):
    reprice()
    assert not LateCorrection.objects.exists()


def test_the_last_disputable_run_by_regime():
    # Wed 2020-01-15 (A): T+55B is 2020-04-03; Fri 2021-01-15 (B): T+70B is 2021-04-27
    for day, last in (
        (date(2020, 1, 15), date(2020, 4, 3)),
        (date(2021, 1, 15), date(2021, 4, 27)),
    ):
        assert past_disputable([day], last) == []
        assert past_disputable([day], last.replace(day=last.day + 1)) == [day]


def test_asked_again_and_dismissed(settle, reprice, person, as_user):
    settle()
    reprice()
    case = LateCorrection.objects.get()
    client = as_user("iso.analyst")
    Run.objects.filter(run_type="OPTIONAL").update(state="FAILED")
    client.post(f"/late-corrections/{case.pk}/ask_again/", {})
    assert Run.objects.filter(run_type="OPTIONAL").count() == 2
    client.post(f"/late-corrections/{case.pk}/dismiss/", {"note": "no"})
    case.refresh_from_db()
    assert case.state == "ASKED"  # an analyst may not
    as_user("iso.approver").post(f"/late-corrections/{case.pk}/dismiss/", {"note": "agreed"})
    case.refresh_from_db()
    assert case.state == "DISMISSED"
    assert as_user("sc.sunset").get("/late-corrections/").status_code == 403


def test_a_late_cpm_price_moves_the_end_of_its_month(settle, person, load, as_user, calculate):
    """50 MW of January at 6.31, corrected to 6.90: 29,500.00 more, invoiced alone."""
    from apps.adequacy.cpm import services as cpm
    from apps.adequacy.cpm.models import CpmDesignation
    from tests.scenarios import world

    end = date(2024, 1, 31)
    demand = (
        (DEMO / "metered_demand_2024-09-05.csv").read_text().replace("2024-09-05", "2024-01-31")
    )
    load("metered-demand", demand)
    world.designate(
        [
            {
                "RESOURCE_ID": "SYN_CEDAR_4_ST",
                "MW": "50",
                "FIRST_DATE": "2024-01-01",
                "LAST_DATE": "2024-01-31",
                "PRICE": "6.31",
            }
        ],
        person,
    )
    calculate("availability.daily", *(date(2024, 1, n) for n in range(1, 32)))
    settle(end)
    change = cpm.propose_price(
        given=cpm.CpmPriceInput(
            CpmDesignation.objects.get().pk, Decimal("6.90"), date(2024, 1, 1), end, "ER24-1"
        ),
        actor=person("iso.contracts"),
        at=datetime.now(UTC),
    )
    cpm.price_approve(case_id=change.pk, actor=person("iso.approver"), at=datetime.now(UTC))
    case = LateCorrection.objects.get()
    assert (case.source, case.late) == ("CPM_PRICE", [end])
    published = publish(Run.objects.get(trade_date=end, run_type="OPTIONAL"), person)
    paid = StatementLine.objects.get(run=published, charge_code="CPM-SET")
    assert paid.amount - paid.previous_amount == Decimal("-29500.00")
    case.refresh_from_db()
    assert case.state == "SETTLED"
    bills = Invoice.objects.filter(run=published)
    assert sum(b.net for b in bills) == 0
    assert min(b.net for b in bills) == Decimal("-29500.00")
