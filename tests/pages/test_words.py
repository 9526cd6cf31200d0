"""What pages say around their content: their trail, that nothing is there, in which words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from apps.platform.uploads.hooks import UPLOAD_KINDS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CRUMBS = re.compile(r"\{% block crumbs %\}(.*?)\{% endblock %\}", re.DOTALL)


def test_no_trail_ends_in_a_slash():
    wrong = [
        (path.name, trail)
        for path in TEMPLATES
        for trail in CRUMBS.findall(path.read_text())
        if re.sub(r"\{%.*?%\}", "", trail).rstrip().endswith("/")
    ]
    assert wrong == []


def test_no_count_stands_before_a_word_that_is_always_plural():
    """A count goes with ``noun`` or ``pluralize``: 1 row, 2 rows."""
    counted = re.compile(
        r"(?:count|length|total)(?:\|[a-z_]+)* \}\}(?:</b>)?(?:<span>)? ?"
        r"(errors|warnings|rows|lines|days|violations|runs|files)\b"
    )
    wrong = [
        (path.name, found) for path in TEMPLATES for found in counted.findall(path.read_text())
    ]
    assert wrong == []


def test_no_sentence_names_a_kind_of_file_by_its_code():
    """Who reads a sentence is told the file's title; codes are for programs."""
    codes = "|".join(re.escape(k.code) for k in UPLOAD_KINDS if "-" in k.code)
    named = re.compile(rf"(?:[Ss]end|file|\() ?(?:{codes})[.;)]")
    wrong = [
        (path.name, found)
        for path in sorted((ROOT / "apps").rglob("*.py"))
        for found in named.findall(path.read_text())
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/uploads/999999/", "/runs/999999/", "/statements/999999/"])
def test_what_is_not_there_is_told_in_our_words(as_user, address):
    page = as_user("iso.operator").get(address)
    assert page.status_code == 404
    said = page.content.decode()
    assert "matches the given query" not in said
    assert "There is no such" in said


@pytest.mark.django_db
def test_a_day_that_does_not_exist_is_told_so(as_user):
    page = as_user("iso.analyst").get("/trade-dates/2025-02-31/")
    assert page.status_code == 404
    assert "February 2025 has 28 days" in page.content.decode()
    asked = as_user("iso.analyst").post("/runs/request/", {"trade_date": "2025-02-31"}, follow=True)
    assert "February 2025 has 28 days" in asked.content.decode()
