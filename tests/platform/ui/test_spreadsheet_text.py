"""No export begins a formula: in Python and in the database only a plain number has a sign."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.db import connection

from apps.platform.accounts.models import User
from apps.platform.core.spreadsheet_text import guarded, guarded_row
from apps.platform.ui.selectors import NO_FORMULA
from apps.platform.uploads.services import rejected_rows

ROOT = Path(__file__).resolve().parents[3]
DDE = "-2+3+cmd|' /C calc'!A0"
NUMBERS = ["-2", "+2", "-12,450.00", "+.5", "-0.000071", "-$5", "12", "-1,234,567", "-52."]
FORMULAS = [
    "=1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "－2+3",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "-2\n=1",
    "-2 ",
    "+1-1",
    "--1",
    "-",
    "+",
    "-1e5",
    "-31,91",
    "-2+3+cmd|calc",
    DDE,
]
TEXTS = ["", "plain", "a=1", "2024-09-04", "1-2", "'=1", " =1"]
# files that programs read, whose columns and words are ours, and files made for the demo
OURS = {
    "apps/bidding/market_payloads/services/content.py",
    "apps/platform/uploads/services/templates.py",
    "apps/site/home/management/commands/write_demo_files.py",
}


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_is_kept_a_text(text):
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", [*NUMBERS, *TEXTS])
def test_numbers_and_texts_stay_as_they_are(text):
    assert guarded(text) == text


def test_a_row_keeps_numbers_and_leaves_nothings_blank():
    assert guarded_row([None, -2, "-2", DDE, True]) == ["", -2, "-2", "'" + DDE, True]


@pytest.mark.django_db
def test_the_database_guards_what_python_guards():
    with connection.cursor() as cursor:
        for text in [*NUMBERS, *FORMULAS, *TEXTS]:
            cursor.execute("select " + NO_FORMULA.replace("%(expressions)s", "%s"), [text])
            assert cursor.fetchone()[0] == guarded(text), repr(text)


@pytest.mark.django_db
def test_an_exported_name_begins_no_formula(as_user):
    User.objects.filter(username="sc.bay").update(first_name=DDE, last_name="-2")
    answer = as_user("iso.admin").get("/users.csv?q=sc.bay")
    text = b"".join(answer).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert all(guarded(cell) == cell for row in rows for cell in row)
    assert any(DDE in cell for row in rows for cell in row), text


@pytest.mark.django_db
def test_rejected_rows_begin_no_formula(send):
    head = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
    upload = send("metered-demand", head + f'"{DDE}",PGE-TAC,2024-10-01,1,-2+3+cmd|calc\n')
    (row,) = list(csv.reader(io.StringIO(rejected_rows(upload))))[1:]
    assert row[0] == "'" + DDE
    assert row[4] == "'-2+3+cmd|calc"


def test_every_writer_of_csv_guards_its_rows():
    writers = {
        str(p.relative_to(ROOT))
        for p in (ROOT / "apps").rglob("*.py")
        if re.search(r"csv\.(?:Dict)?[wW]riter\(", p.read_text())
    }
    unguarded = {p for p in writers if "guarded_row(" not in (ROOT / p).read_text()}
    assert unguarded == OURS
