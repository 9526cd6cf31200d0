"""Invoices of publication windows and optional runs, in every form, each statement once."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.platform.runs import services as runs
from apps.settlement.clearing import services
from apps.settlement.clearing.codes import Account
from apps.settlement.clearing.models import Invoice, InvoiceStatement, Posting
from apps.settlement.clearing.selectors import uninvoiced
from apps.settlement.settlements.services import request_day
from apps.settlement.statements.models import Statement
from tests.conftest import DAY
from tests.settlement.clearing.conftest import at_next_wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1201", "BRQ-1202")]


def test_a_week_is_invoiced_once_to_the_cent_and_in_the_ledger(issued, person, now):
    made = issued()
    assert made
    for invoice in made.values():
        statements = Statement.objects.filter(billing__invoice=invoice)
        assert invoice.net == sum(s.total for s in statements)
        assert invoice.net == sum(x.net for x in invoice.lines.all())
        assert invoice.charges >= 0 >= invoice.payments
        posted = Posting.objects.filter(invoice=invoice, account=Account.SC)
        assert sum(p.amount for p in posted) == invoice.net
        assert invoice.due > invoice.day
    assert sum(i.net for i in made.values()) == 0
    assert services.issue_invoices(actor=person("iso.analyst"), at=at_next_wednesday(now)) == []
    (first,) = InvoiceStatement.objects.order_by("pk")[:1]
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceStatement.objects.create(invoice=first.invoice, statement=first.statement, amount=0)


def test_before_its_wednesday_nothing_is_issued(settle, person):
    run = settle()
    published = run.published_at
    early = services.issue_invoices(actor=person("iso.analyst"), at=published)
    if published.weekday() != 2:
        assert early == []
    assert len(uninvoiced(viewer=person("iso.admin").viewer(), on=published.date())) + len(
        early
    ) == (Statement.objects.filter(run=run).count())


def test_an_optional_run_is_invoiced_alone_when_it_is_published(issued, person, load):
    from apps.site.home.services import DEMO

    issued()
    load("metered-demand", (DEMO / "try" / "metered_demand_2024-09-04_corrected.csv").read_text())
    at = datetime.now(UTC)
    run, _ = request_day(
        trade_date=DAY, actor=person("iso.analyst"), at=at, reason="late", run_type="OPTIONAL"
    )
    run = runs.execute(run_id=run.pk, at=at)
    runs.publish(run_id=run.pk, actor=person("iso.approver"), at=at)
    alone = Invoice.objects.filter(run=run)
    assert alone.count() == Statement.objects.filter(run=run).count()
    assert sum(i.net for i in alone) == 0
    changes = {s.sc_id: s.change for s in Statement.objects.filter(run=run)}
    assert {i.sc_id: i.net for i in alone} == changes
    assert any(changes.values())
    assert all(i.number.endswith(f"-R{run.pk}") for i in alone)


def test_an_invoice_in_every_form_and_for_its_sc_alone(issued, as_user, capsys, tmp_path):
    made = issued()
    mine, other = made["SYN_LSE_BAY"], made["SYN_GEN_SUNSET"]
    client = as_user("sc.bay")
    page = client.get(f"/invoices/{mine.pk}/").content.decode()
    assert f"{mine.net:,.2f}" in page
    assert client.get(f"/invoices/{other.pk}/").status_code == 404
    assert client.get(f"/api/v1/invoices/{other.pk}/").status_code == 404
    assert client.get(f"/invoices/{other.pk}/file.pdf").status_code == 404
    answer = client.get(f"/api/v1/invoices/{mine.pk}/").json()
    assert Decimal(answer["net_usd"]) == mine.net
    text = client.get(f"/invoices/{mine.pk}/file.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(Decimal(r["net_usd"]) for r in rows) == mine.net
    assert client.get(f"/invoices/{mine.pk}/file.pdf").content.startswith(b"%PDF-")
    assert client.get(f"/invoices/{mine.pk}/file.doc").status_code == 404
    assert mine.number in client.get("/invoices/").content.decode()
    assert other.number not in client.get("/invoices/").content.decode()
    call_command("clearing", "invoice", mine.number, "--as", "sc.bay")
    assert json.loads(capsys.readouterr().out)["number"] == mine.number
    call_command("clearing", "invoice", mine.number, "--as", "sc.bay", "--format", "csv")
    assert capsys.readouterr().out.startswith("invoice,sc,")
    call_command(
        "clearing",
        "invoice",
        mine.number,
        "--as",
        "sc.bay",
        "--format",
        "pdf",
        "--out",
        str(tmp_path / "i.pdf"),
    )
    for words in ((other.number, "--as", "sc.bay"), (mine.number, "--as", "nobody")):
        with pytest.raises(CommandError):
            call_command("clearing", "invoice", *words)
    with pytest.raises(CommandError, match="roles"):
        call_command("clearing", "issue", "--as", "sc.bay")
    call_command("clearing", "balance", "--as", "iso.analyst")
    assert (
        sum(Decimal(r["balance_usd"]) for r in json.loads(capsys.readouterr().out)["MARKET"]) == 0
    )
    assert as_user("sc.bay").get("/trial-balance/").status_code == 403
    assert "Market" in as_user("iso.analyst").get("/trial-balance/").content.decode()


def test_an_invoice_that_comes_late_has_its_days_to_pay(issued, now):
    made = issued(now + timedelta(days=40))
    late = next(iter(made.values()))
    assert late.due > at_next_wednesday(now + timedelta(days=40)).date()


def test_what_was_invoiced_elsewhere_before_is_not_invoiced_again(issued, now, monkeypatch):
    monkeypatch.setattr(
        "apps.settlement.clearing.selectors.value_on",
        lambda parameter, day: (now + timedelta(days=1)).date(),
    )
    assert issued() == {}
