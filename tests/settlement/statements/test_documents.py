"""Statements as documents: full, previous and billed amounts agree in every form."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
import xmlschema
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.settlement.statements import services
from apps.settlement.statements.models import Statement
from apps.settlement.statements.rules import Determinant, FullStatement, Head, Line
from apps.settlement.statements.services import WRITERS
from apps.site.home.services import DEMO
from tests.conftest import DAY, ROOT

XSD = xmlschema.XMLSchema(str(ROOT / "templates" / "settlement" / "schemas" / "statement-1.xsd"))
NS = "{urn:rmrcpm:statement:1}"
CORRECTED = DEMO / "try" / "metered_demand_2024-09-04_corrected.csv"


def forms(document):
    return {form: "".join(write(document)) for form, (_, write) in WRITERS.items()}


def agree(document):
    """Read every form again: each tells the same lines and sums, and the XML keeps its schema."""
    said = forms(document)
    XSD.validate(said["xml"])
    body = json.loads(said["json"])
    rows = list(csv.DictReader(io.StringIO(said["csv"])))
    root = xmlschema.XMLResource(said["xml"]).root
    lines = root.findall(f"{NS}line")
    assert len(body["lines"]) == len(rows) == len(lines) == len(document.lines)
    for told, row, element, line in zip(body["lines"], rows, lines, document.lines, strict=True):
        current = line.full - (line.previous or 0)
        assert Decimal(told["amount_current"]) == Decimal(row["AMOUNT_CURRENT"]) == current
        assert Decimal(element.findtext(f"{NS}amountCurrent")) == current
        assert Decimal(told["amount_full"]) == Decimal(row["AMOUNT_FULL"]) == line.full
    trailer = body["trailer"]
    assert Decimal(trailer["sum_current"]) == sum(
        x.full - (x.previous or 0) for x in document.lines
    )
    assert Decimal(trailer["sum_full"]) - Decimal(trailer["sum_previous"]) == Decimal(
        trailer["sum_current"]
    )
    return said


words = st.text(max_size=20)
usd = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)
LINES = st.lists(
    st.builds(
        Line,
        st.integers(1, 10**6),
        st.sampled_from(["RMR-CAP", "BCR-ALLOC-IFM"]),
        words,
        words,
        words,
        usd,
        st.none() | usd,
        st.lists(st.just(Determinant("MD(sc)", "12.5", "MWh")), max_size=2).map(tuple),
    ),
    max_size=5,
    unique_by=lambda line: line.line_no,
)


@pytest.mark.brq("BRQ-1201")
@given(lines=LINES, name=words)
def test_whatever_a_text_holds_the_forms_agree_and_the_schema_is_kept(lines, name):
    from datetime import UTC, datetime

    head = Head(1, "SC_A", name or "x", date(2024, 9, 4), "T+9B", 2, 1, datetime.now(UTC))
    agree(FullStatement(head, lines))


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201", "BRQ-1202")
def test_every_statement_of_two_versions_is_the_same_in_all_forms(settle, load):
    settle()
    load("metered-demand", CORRECTED.read_text())
    second = settle()
    changed = 0
    for statement in Statement.objects.filter(trade_date=DAY):
        document = services.document_of(statement)
        agree(document)
        assert document.totals["full"] == statement.total
        if statement.run == second:
            assert document.totals["current"] == statement.change
            assert document.totals["previous"] == statement.previous.total
            changed += bool(statement.change)
    assert changed
    quiet = Statement.objects.filter(run=second, line_count=0).first()
    assert agree(services.document_of(quiet))["csv"].count("\r\n") == 1  # headings alone


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201")
def test_a_person_takes_a_statement_away_in_each_form_and_no_other(settle, as_user):
    run = settle()
    own = Statement.objects.get(run=run, sc__code="SYN_GEN_SUNSET")
    client = as_user("sc.sunset")
    for form, begins in (
        ("json", b"{"),
        ("csv", b"STATEMENT_ID"),
        ("xml", b"<?xml"),
        ("pdf", b"%PDF"),
    ):
        for address in (
            reverse("statement-file", args=[own.pk, form]),
            f"/api/v1/statements/{own.pk}/files/{form}/",
        ):
            answer = client.get(address)
            content = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code == 200, form
            assert content.startswith(begins), (form, content[:80])
            assert f"v1.{form}" in answer["Content-Disposition"]
    assert client.get(reverse("statement-file", args=[own.pk, "exe"])).status_code == 404
    other = Statement.objects.get(run=run, sc__code="SYN_LSE_BAY")
    assert client.get(reverse("statement-file", args=[other.pk, "csv"])).status_code == 404
    assert client.get("/schemas/statement-1.xsd").content.startswith(b"<?xml")


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201")
def test_the_command_writes_documents_months_and_invoices(settle, tmp_path, capsys):
    from django.core.management import CommandError, call_command

    settle()
    mine = ("statement", "SYN_LSE_BAY", str(DAY), "--as", "sc.bay")
    call_command(*mine, "--format", "xml")
    XSD.validate(capsys.readouterr().out)
    out = tmp_path / "s.pdf"
    call_command(*mine, "--format", "pdf", "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF")
    with pytest.raises(CommandError, match="--out"):
        call_command(*mine, "--format", "pdf")
    call_command(*mine, "--month")
    assert json.loads(capsys.readouterr().out)["month"] == "2024-09"
    call_command(*mine, "--invoices")
    (billed,) = json.loads(capsys.readouterr().out)
    assert billed["amount_usd"] == billed["statements"][0]["total_usd"]
