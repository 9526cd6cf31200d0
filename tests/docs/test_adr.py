"""Decisions: one form of heading, each in the index, in the order of their numbers."""

from __future__ import annotations

import re

import pytest

from tests.docs.written import ROOT, table

ADR = ROOT / "docs" / "adr"
DECISIONS = sorted(p for p in ADR.glob("*.md") if p.name != "README.md")
HEADING = re.compile(r"# (\d{4}): [A-Z].*[^.]")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_has_one_heading_that_begins_with_the_number_of_its_file(path):
    first, *rest = path.read_text().splitlines()
    found = HEADING.fullmatch(first)
    assert found, f"{path.name} begins with {first!r}, not with '# 0000: Title'"
    assert found[1] == path.name[:4]
    assert [line for line in rest if line.startswith("# ")] == []


def test_decisions_are_numbered_without_a_gap():
    assert [int(p.name[:4]) for p in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_index_names_each_decision_by_its_title_in_order():
    wanted = [f"[{p.read_text().splitlines()[0][2:]}]({p.name})" for p in DECISIONS]
    rows = table(ADR / "README.md", "Decision")
    assert [title for title, _ in rows] == wanted
    assert all(sentence.endswith(".") for _, sentence in rows)
