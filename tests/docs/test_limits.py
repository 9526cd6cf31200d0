"""Built says every limit: the page of limits and the notes of the catalogue are the same words."""

from __future__ import annotations

import re

import pytest

from apps.site.requirements.rules import state_of
from apps.site.requirements.selectors import catalogue
from tests.docs.written import ROOT

PAGE = ROOT / "docs" / "algorithms" / "limits.md"
LIMITS = dict(re.findall(r"^\| (BRQ-\d+) \| (.+) \|$", PAGE.read_text(), re.MULTILINE))
PUT_OFF = ("BRQ-0305", "BRQ-0310", "BRQ-1320")


@pytest.mark.parametrize("brq", sorted(LIMITS))
def test_each_limit_stands_in_the_note_of_its_requirement(brq):
    (row,) = [r for r in catalogue() if r.id == brq]
    assert (state_of(row), row.note) == ("built", LIMITS[brq])


def test_what_was_put_off_is_of_one_state_with_one_note():
    rows = [r for r in catalogue() if r.type == "deferred"]
    assert {r.id for r in rows} == set(PUT_OFF)
    assert len({(state_of(r), r.note) for r in rows}) == 1
    assert set(PUT_OFF) <= set(LIMITS)


def test_the_page_of_requirements_shows_the_notes(client, db):
    page = client.get("/requirements/").content.decode()
    assert page.count("Struck in version 1.2 and moved to another initiative") == len(PUT_OFF)
