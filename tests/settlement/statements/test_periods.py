"""The queue, the month and the invoice weeks of an SC."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.audit.services import MoveRefused, transition
from apps.reference.market.rules import is_business_day
from apps.settlement.statements import services
from apps.settlement.statements.models import Statement, StatementReceipt
from apps.settlement.statements.rules.invoicing import invoice_alone, invoice_week
from apps.site.home.services import DEMO
from tests.conftest import DAY

CORRECTED = DEMO / "try" / "metered_demand_2024-09-04_corrected.csv"


@pytest.mark.brq("BRQ-1201", "BRQ-1202")
@pytest.mark.parametrize(
    ("published", "invoice", "first", "last", "due"),
    [
        ("2024-09-16", "2024-09-18", "2024-09-10", "2024-09-16", "2024-09-24"),
        ("2024-09-17", "2024-09-25", "2024-09-17", "2024-09-23", "2024-10-01"),
        ("2024-09-03", "2024-09-04", "2024-08-27", "2024-09-03", "2024-09-10"),
        ("2024-12-25", "2025-01-01", "2024-12-24", "2024-12-30", "2025-01-07"),
    ],
)
def test_worked_invoice_weeks(published, invoice, first, last, due):
    found = invoice_week(date.fromisoformat(published), 4)
    told = tuple(d.isoformat() for d in (found.day, found.first, found.last, found.due))
    assert told == (invoice, first, last, due)


@pytest.mark.brq("BRQ-1201")
@given(day=st.dates(date(2015, 1, 1), date(2029, 12, 31)))
def test_windows_follow_each_other_without_gap_or_overlap(day):
    one = invoice_week(day, 4)
    assert one.first <= day <= one.last < one.day
    assert one.day.weekday() == 2
    assert is_business_day(one.due)
    after = invoice_week(one.last + timedelta(days=1), 4)
    assert (after.first, after.day) == (one.last + timedelta(days=1), one.day + timedelta(days=7))
    assert invoice_alone(day, 4).first == invoice_alone(day, 4).last == day


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201", "BRQ-1202")
def test_invoices_bill_increments_and_the_month_stands_as_it_is_now(settle, load, as_user):
    settle()
    load("metered-demand", CORRECTED.read_text())
    settle()
    mine = list(Statement.objects.filter(sc__code="SYN_LSE_BAY").order_by("version"))
    weeks = services.billed(Statement.objects.filter(sc__code="SYN_LSE_BAY"))
    assert sum(week.amount for week in weeks) == mine[-1].total
    found = services.month_of(mine[0].sc, DAY)
    assert [s.pk for s in found.statements] == [mine[-1].pk]
    assert found.total == sum((row["total"] for row in found.by_code), Decimal(0))
    client = as_user("sc.bay")
    page = client.get("/statement-months/?sc=SYN_LSE_NORTH").content.decode()
    assert "<h1>SYN_LSE_BAY" in page
    assert "North" not in page
    page = client.get("/invoice-weeks/").content.decode()
    assert f"{mine[-1].change:,.2f}".replace("-", "−") in page
    assert client.get("/api/v1/statement-months/SYN_LSE_NORTH/2024-09/").status_code == 404
    bad = client.get("/api/v1/statement-months/SYN_LSE_BAY/2024-99/")
    assert bad.status_code == 400
    assert bad.json()["code"] == "STM-MONTH"
    assert client.get("/statement-months/?month=2024-99").status_code == 404
    assert client.get("/api/v1/invoice-weeks/SYN_LSE_BAY/").json()[0]["statements"]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201")
def test_a_statement_waits_until_its_own_sc_acknowledges_it(settle, as_user, person, now):
    run = settle()
    own = StatementReceipt.objects.get(sc__code="SYN_LSE_BAY")
    other = StatementReceipt.objects.get(sc__code="SYN_LSE_NORTH")
    assert (
        StatementReceipt.objects.filter(state="WAITING").count()
        == Statement.objects.filter(run=run).count()
    )
    client = as_user("sc.bay")
    page = client.get(f"/statements/{own.statement_id}/").content.decode()
    assert f"/statement-queue/{own.pk}/acknowledge/" in page
    queue = client.get("/statement-queue/").content.decode()
    assert f'name="row" value="{own.pk}"' in queue
    assert 'name="row"' not in as_user("sc.coast.reader").get("/statement-queue/").content.decode()
    client = as_user("sc.bay")
    client.post(f"/statement-queue/{own.pk}/acknowledge/")
    assert client.post(f"/statement-queue/{other.pk}/acknowledge/").status_code == 404
    rows = {"action": "archive", "row": [str(own.pk), str(other.pk)]}
    client.post("/statement-queue/bulk/", rows)
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.state, other.state) == ("ARCHIVED", "WAITING")
    assert client.get(f"/statements/{own.statement_id}/").status_code == 200
    with pytest.raises(MoveRefused):
        transition(other, action="acknowledge", actor=person("iso.admin"), at=now)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201", "BRQ-1203")
def test_windows_and_invoices_of_many_statements_ask_few_questions(
    settle, django_assert_max_num_queries, person, now
):
    from apps.settlement.disputes.selectors import open_windows
    from apps.settlement.statements.selectors import statements

    settle()
    viewer = person("sc.bay").viewer()
    (one,) = statements(viewer=viewer)
    with django_assert_max_num_queries(2):  # the lines held of all of them are one question more
        assert len(services.billed([one] * 500)[0].statements) == 500
    with django_assert_max_num_queries(8):
        open_windows(viewer=viewer, day=now.date())


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201")
def test_a_statement_links_only_resources_that_its_reader_may_open(settle, as_user):
    """Lines of an allocation name resources of other SCs, whose pages are not the reader's."""
    run = settle(DAY)
    seen = {}
    for name in ("sc.bay", "sc.sunset", "iso.analyst"):
        browser = as_user(name)
        seen[name] = set()
        for one in Statement.objects.filter(run=run):
            page = browser.get(f"/statements/{one.pk}/")
            if page.status_code == 200:
                seen[name] |= set(re.findall(r'href="(/resources/\d+/)"', page.content.decode()))
        assert {browser.get(address).status_code for address in seen[name]} <= {200}
    assert seen["sc.sunset"]
    assert not seen["sc.bay"]  # it serves load and has no resource
    assert seen["iso.analyst"] > seen["sc.sunset"]
