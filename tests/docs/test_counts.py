"""Sentences with a number that can be counted give the number that is counted."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.docs.written import ROOT, TEMPLATES, WRITTEN, named, prose

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
WINGS = [p for p in (ROOT / "apps").iterdir() if (p / "__init__.py").exists()]
APPS = [p for w in WINGS for p in w.iterdir() if (p / "__init__.py").exists()]
COUNTED = {
    "wings": len(WINGS),
    "apps": len(APPS),
    "kinds of row": 4,
    "import contracts": len(SETTINGS["importlinter"]["contracts"]),
    "decisions": len(list((ROOT / "docs" / "adr").glob("0*.md"))),
}
SENTENCE = re.compile(rf"\b({'|'.join(WORDS)}|\d+) ({'|'.join(COUNTED)})\b", re.IGNORECASE)
# what is told of a day that is past keeps the numbers of that day
PAST = {"CHANGELOG.md", *(named(p) for p in (ROOT / "docs" / "adr").glob("*.md"))}
PRESENT = [p for p in WRITTEN if named(p) not in PAST and p not in TEMPLATES]


def said(text):
    """Return (number, what) of each sentence that counts something the tree can tell."""
    found = SENTENCE.findall(" ".join(text.split()))
    return [(WORDS.index(n.lower()) + 1 if n.lower() in WORDS else int(n), w) for n, w in found]


@pytest.mark.parametrize("page", PRESENT, ids=named)
def test_numbers_that_can_be_counted_are_right(page):
    assert [(n, w) for n, w in said(prose(page)) if n != COUNTED[w.lower()]] == []


def test_the_map_tells_how_many_wings_there_are():
    assert (len(WINGS), "wings") in said((ROOT / "docs" / "house.md").read_text())


def test_a_wrong_number_is_noticed():
    assert said("It has Six\nwings and 36 apps.") == [(6, "wings"), (36, "apps")]
