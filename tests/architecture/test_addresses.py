"""Addresses are asked for by name: the site can be mounted anywhere, and one may be changed."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

import pytest
from django.urls import get_resolver

from tests.sources import ROOT, nodes, python_of, text_of

PYTHON = python_of("apps")
DRAWN = [
    *(ROOT / "templates").rglob("*.html"),
    *(ROOT / "templates").rglob("*.typ"),
    *(ROOT / "static" / "js").rglob("*.js"),
]
LIBRARY = ("account_", "mfa_", "socialaccount_", "usersessions_", "openid_connect_")
# what begins like an address and is compared or replaced, never linked to
ALLOWED = {
    ("apps/platform/ui/api.py", "/api/"): "which requests are answered as JSON",
    ("apps/platform/accounts/middleware.py", "/accounts/"): "pages before anybody is known",
    ("apps/platform/accounts/middleware.py", "/health/"): "figures, told without the database",
    ("apps/platform/accounts/middleware.py", "/metrics"): "figures, told without the database",
    ("apps/site/guide/selectors.py", 'href="/'): "files of the guide are written for the root",
}
LINK = re.compile(r"""\b(?:href|action|src|formaction|hx-[a-z]+)\s*=\s*\\?["']?/(?![/>])""")


def named(patterns=None, before=""):
    """Yield the address and the name of every pattern."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern.url_patterns, route)
        else:
            yield route, pattern.name or ""


@cache
def begins():
    """What a literal address of the site begins with: a slash and a first part of an address."""
    firsts = {re.match(r"\^?([\w-]*)", route)[1] for route, _ in named()} - {""}
    return re.compile(rf"/(?:{'|'.join(sorted(firsts | {'static'}))})(?![\w-])")


def literal_addresses(source, file=""):
    """Return the literal addresses in Python: texts that begin with one, or with a part to fill."""
    parts = {id(v) for n in nodes(source) if isinstance(n, ast.JoinedStr) for v in n.values}
    found = []
    for node in nodes(source):
        if isinstance(node, ast.JoinedStr):
            text = "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if id(node) in parts else node.value
        else:
            continue
        if (begins().match(text) or text.startswith("/{}/") or LINK.search(text)) and (
            (file, text) not in ALLOWED
        ):
            found.append(f"{file}:{node.lineno}: {text}")
    return found


def drawn_addresses(text, file=""):
    """Return the literal addresses in a template or script."""
    quoted = re.compile(rf"""["'`}}]{begins().pattern}""")
    return [
        f"{file}:{number}: {found[0]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in [*LINK.finditer(line), *quoted.finditer(line)]
    ]


def test_python_names_addresses():
    found = []
    for path in PYTHON:
        file = str(path.relative_to(ROOT))
        found += literal_addresses(text_of(path), file)
    assert found == [], "use reverse() or the name of the address"


def test_templates_and_scripts_name_addresses():
    found = []
    for path in DRAWN:
        found += drawn_addresses(path.read_text(), str(path.relative_to(ROOT)))
    assert found == [], "use {% url %}, {% static %} or an attribute that has the address"


def test_every_exception_is_needed():
    for file, text in ALLOWED:
        assert literal_addresses((ROOT / file).read_text()) != [], (file, text)


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('redirect("/uploads/")', True),
        ('redirect(f"/uploads/{pk}/")', True),
        ('f"/{DESK}/{case.pk}/"', True),
        ('link = "/statements.csv?sc=1"', True),
        ("html = f'<a href=\"/{x}\">'", True),
        ('"/api/v1/uploads/"', True),
        ('reverse("upload", args=[pk])', False),
        ('path.rpartition("/")', False),
        ('"/uploadsome/"', False),
        ('f"{root}/uploads/"', False),
        ('"see /uploads/ for more"', False),
    ],
)
def test_a_literal_address_in_python_is_found(source, wrong):
    assert bool(literal_addresses(source)) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('<a href="/uploads/">', True),
        ('<a href="/">', True),
        ('<form action="/{{ desk.name }}/new/">', True),
        ('<input hx-get="/x/">', True),
        ("<a href=\"{% if a %}/uploads/?{% else %}{% url 'runs' %}?{% endif %}\">", True),
        ('fetch("/help/tour.json")', True),
        ('const go = { r: "/runs/" };', True),
        ("<a href=\"{% url 'uploads' %}?a=/runs/\">", False),
        ('<a href="?page=2">', False),
        ('<rect width="1" height="1"/>', False),
        ("kind.split('/')", False),
    ],
)
def test_a_literal_address_in_a_template_or_script_is_found(text, wrong):
    assert bool(drawn_addresses(text)) is wrong


def test_every_address_has_a_name_of_its_own():
    ours = [(route, name) for route, name in named() if not name.startswith(LIBRARY)]
    assert [r for r, name in ours if not name and not r.startswith("accounts/social/")] == []
    twice = Counter(name for _, name in ours if name)
    assert [name for name, count in twice.items() if count > 1] == []
