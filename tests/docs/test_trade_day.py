"""The page that walks one row through the code: what it names exists, and its numbers are so."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from functools import cache

import pytest

from apps.platform.accounts.rules import THE_ISO
from apps.settlement.statements import selectors, services
from tests.docs.written import ROOT, named, prose

PAGE = ROOT / "docs" / "life-of-a-trade-day.md"
WINGS = sorted((ROOT / "docs" / "wings").glob("*.md"))
MENTION = re.compile(r"`([\w/.-]+\.py)`|`(\w+)\(\)`")
ROW = "SYN_LSE_BAY,PGE-TAC,2024-09-04,20,7238.8666,SYNTHETIC share of the public TAC area load"


@cache
def defined(path: str) -> set[str]:
    """Return the names of the functions and classes that a file defines at its top."""
    tree = ast.parse((ROOT / path).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


def mentions(text: str) -> list[tuple[str, str]]:
    """Return (file, function) of each function named; it belongs to the file named before it."""
    found, path = [], ""
    for m in MENTION.finditer(text):
        path = m[1] or path
        if m[2]:
            found.append((path, m[2]))
    return found


@pytest.mark.parametrize("page", [PAGE, *WINGS], ids=named)
def test_files_and_functions_that_a_page_names_exist(page):
    text = prose(page)
    for path, _ in MENTION.findall(text):
        assert not path or (ROOT / path).is_file(), f"{page.name} names {path}"
    for path, function in mentions(text):
        assert path, f"{page.name} names {function}() before any file"
        assert function in defined(path), f"{page.name}: {path} has no {function}()"


def test_each_step_names_a_file_and_a_function():
    steps = re.split(r"^## (?=\d)", prose(PAGE).split("## When")[0], flags=re.MULTILINE)[1:]
    assert [int(s.split(".")[0]) for s in steps] == list(range(1, 12))
    assert all(mentions(step) for step in steps)


def test_a_function_that_is_not_there_is_noticed():
    (pair,) = mentions("see `apps/platform/audit/services.py` and there `copy_row()`")
    assert pair == ("apps/platform/audit/services.py", "copy_row")
    assert pair[1] not in defined(pair[0])


def test_the_row_is_the_one_of_the_demo_and_of_its_correction():
    demo = ROOT / "fixtures" / "demo"
    assert (demo / "metered_demand_2024-09-04.csv").read_text().splitlines()[44] == ROW
    corrected = (demo / "try" / "metered_demand_2024-09-04_corrected.csv").read_text()
    assert corrected.splitlines()[44].split(",")[4] == "7600.8099"
    text = PAGE.read_text()
    assert ROW in text
    assert "says 7600.8099 in line 45" in text


@pytest.mark.django_db
def test_the_numbers_are_those_of_the_settled_day(settle):
    run = settle()
    line = selectors.statement_lines(viewer=THE_ISO).get(
        run=run,
        statement__sc__code="SYN_LSE_BAY",
        charge_code="RMR-ALLOC",
        resource__code="SUNSET_2_UNITS",
    )
    assert (line.line_no, line.amount) == (2, Decimal("12672.08"))
    told = services.explain(line=line, viewer=THE_ISO)
    assert told.reproduced
    (row,) = [r for r in told.rows if r.line_no == 45]
    assert (row.label, row.version, row.value) == ("Hour ending 20", 1, "7,238.8666")
    shown = {o.symbol: o.value for o in told.operands}
    text = " ".join(PAGE.read_text().split())
    product = f"{shown['Net']} × {shown['MD(sc, tac)']} / {shown['MD(sys)']} = {told.amount} $"
    assert product in text
    assert f"{shown['MD(sc, tac)']} MWh of {shown['MD(sys)']} MWh" in text
    paid = next(s for s in told.steps if s.title == "Base amount, exact")
    assert f"{paid.substituted} = {paid.result} $" in text
