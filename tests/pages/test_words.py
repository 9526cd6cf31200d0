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


GONE = {  # what pages said once, and the trade's own term
    "mend": "correct",
    "to move on": "awaiting your action",
    "what it rests on": "source data",
    "who moves": "impact by SC",
    "not yours to open": "access denied",
    "not here": "page not found",
    "wished for": "requested",
    "try it": "run scenario",
    "what is tried": "scenario",
    "board of runs": "settlement calendar",
    "how to be told": "notification settings",
    "was everything used": "input completeness",
    "chain of calculations": "calculation graph",
    "chain of publications": "publication audit trail",
    "numbers put in": "inputs",
    "worked out from the numbers": "calculation",
    "reproduced": "verified",
    "rows a page": "rows per page",
    "choose all rows": "select all rows",
    "send and check": "upload and check",
    "known →": "recorded from, to",
    "nobody owes": "no balances",
}
COMMENT = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
LABEL = re.compile(r"(?:title|label|button|intro|empty|help|help_text)=\(?\s*f?\"([^\"]*)\"")


def words_of_pages():
    """Yield (place, text): what templates, labels and titles of the code, and the guide say."""
    for path in TEMPLATES:
        yield path.relative_to(ROOT), COMMENT.sub(" ", path.read_text())
    for path in sorted((ROOT / "apps").rglob("*.py")):
        yield path.relative_to(ROOT), " \n".join(LABEL.findall(path.read_text()))
    for path in sorted((ROOT / "docs" / "guide").glob("*.md")):
        yield path.relative_to(ROOT), path.read_text()


def test_words_that_were_replaced_do_not_return():
    shapes = {w: re.compile(rf"(?<!\w){re.escape(w)}(?!\w)", re.IGNORECASE) for w in GONE}
    wrong = [
        f"{place}: “{word}”, say “{GONE[word]}”"
        for place, text in words_of_pages()
        for word, shape in shapes.items()
        if shape.search(text)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_requirement_ids_are_told_to_the_iso_alone(as_user):
    assert "Implements BRQ-" in as_user("iso.operator").get("/statements/").content.decode()
    for person in ("sc.bay", "sc.sunset"):
        assert "BRQ-" not in as_user(person).get("/statements/").content.decode()
