"""What is written leads somewhere: files, sections, addresses, requirement ids; README is short."""

from __future__ import annotations

import re
from importlib import import_module
from urllib.parse import urlsplit

import pytest
import yaml
from django.apps import apps
from django.urls import Resolver404, resolve

from apps.platform.accounts.codes import SERVICE_ACCOUNTS
from apps.platform.core.effective import PARAMETERS
from apps.platform.core.registry import registries
from apps.platform.runs.hooks import RUN_KINDS
from apps.site.guide.codes import PAGES
from tests.docs.written import ROOT, WRITTEN, named, prose

LINK = re.compile(r"\]\(([^)\s]+)\)")
FOLDERS = "apps|docs|tests|rmrcpm|fixtures|static|templates|changelog\\.d|\\.github|\\.ci"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
FILE = re.compile(r"`((?:\w[\w.-]*)?\.?[\w-]+\.(?:toml|txt|yml|yaml|md)|Makefile)`")
PART = re.compile(r"`([a-z_]+(?:/[\w.]+)+\.py)`")
NAME = re.compile(r"`([a-z_]+(?:\.[A-Za-z_]+)+)(?:\(\))?`")
TEST = re.compile(r"`(tests(?:\.\w+)+)`")
SOURCES = [p.relative_to(ROOT).as_posix() for p in ROOT.glob("[art]*/**/*.py")]
APPS = {config.label: config for config in apps.get_app_configs()}
ADDRESS = re.compile(r"http://localhost:8000(/[^\s)`]*)")
CATALOGUE = yaml.safe_load((ROOT / "fixtures" / "requirements" / "brs_1_2.yaml").read_text())
IDS = {row["id"] for row in CATALOGUE}
ID = re.compile(r"(?<![A-Z]-)\b((?:BRQ|MSIM)-\d+[A-Za-z]*)\b")


def anchors(path):
    """Return the sections of a page as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def opens(address):
    try:
        return bool(resolve(urlsplit(address).path))
    except Resolver404:
        return False


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_links_lead_to_files_sections_and_addresses(page):
    for target in LINK.findall(prose(page)):
        if target.startswith("/"):
            assert opens(target), f"{target} is no address of the product"
        elif "://" not in target:
            name, _, section = target.partition("#")
            file = (page.parent / name) if name else page
            assert file.exists(), target
            assert not section or section in anchors(file), target


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_files_and_addresses_that_are_named_exist(page):
    text = page.read_text()
    for name in PATH.findall(text):
        assert (ROOT / name).exists(), name
    for name in FILE.findall(text):
        near = (ROOT / name, page.parent / name, ROOT / "docs" / name)
        assert any(p.exists() for p in near), name
    for address in ADDRESS.findall(text):
        assert opens(address), address


KNOWN = [registry.name for registry in registries()]


def stands(name):
    """Whether a name with dots is something in an app, or what the product calls by such a name."""
    app, *parts = name.split(".")
    called = name in {*PARAMETERS.keys(), *RUN_KINDS.keys(), *SERVICE_ACCOUNTS, *KNOWN}
    if called or FILE.fullmatch(f"`{name}`") or parts[-1].lower() in APPS[app].models:
        return True
    found = APPS[app].module
    for part in parts:
        if not hasattr(found, part):
            try:
                import_module(f"{found.__name__}.{part}")
            except (ImportError, AttributeError):
                return False
        found = getattr(found, part)
    return True


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_what_is_named_in_the_code_stands_there(page):
    text = page.read_text()
    for part in PART.findall(text):
        assert any(f"/{source}".endswith(f"/{part}") for source in SOURCES), part
    for name in NAME.findall(text):
        assert name.partition(".")[0] not in APPS or stands(name), name


def test_a_name_that_stands_nowhere_is_noticed():
    assert stands("audit.hooks.PLAIN_MODELS")
    assert stands("accounts.Party")
    assert not stands("audit.models.exempt")
    assert not stands("accounts.Parties")
    assert NAME.findall("`audit.services.transition()` and `a.b`") == [
        "audit.services.transition",
        "a.b",
    ]


def is_a_test(name):
    """Whether a dotted name is a test of a file."""
    *parts, test = name.split(".")
    file = ROOT.joinpath(*parts).with_suffix(".py")
    return file.exists() and f"\ndef {test}(" in file.read_text()


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_tests_that_are_named_stand_in_their_files(page):
    assert [name for name in TEST.findall(page.read_text()) if not is_a_test(name)] == []


def test_a_test_that_stands_nowhere_is_noticed():
    assert is_a_test("tests.docs.test_links.test_a_test_that_stands_nowhere_is_noticed")
    assert not is_a_test("tests.docs.test_links.test_none")
    assert TEST.findall("`tests.none.test_none`") == ["tests.none.test_none"]


@pytest.mark.parametrize("page", WRITTEN, ids=named)
def test_requirements_that_are_named_stand_in_the_catalogue(page):
    assert set(ID.findall(page.read_text())) <= IDS


def test_readme_can_be_read_at_a_glance():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= 70
    assert max(map(len, lines)) <= 120
    assert sum(line.startswith("![") for line in lines) == 1
    assert [line for line in lines if line.startswith("## ")] == [
        "## Two commands",
        "## Five things to try",
        "## Where to read on",
    ]
    assert len([line for line in lines if re.match(r"\d\. \*\*", line)]) == 5


@pytest.mark.parametrize("page", [p for p in WRITTEN if named(p).startswith("docs/")], ids=named)
def test_running_text_keeps_to_lines_of_140(page):
    lines = prose(page).splitlines()
    assert [n for n, x in enumerate(lines) if len(x) > 140 and not x.startswith("|")] == []


def test_each_page_of_the_guide_is_one_that_is_read():
    slugs = {p.stem for p in (ROOT / "docs" / "guide").glob("*.md")}
    assert {page.slug for page in PAGES} == slugs


def test_a_link_that_leads_nowhere_is_noticed():
    assert not opens("/trade-day/")
    assert opens("/trade-dates/2024-09-04/")
    assert LINK.findall("[x](docs/none.md#here)") == ["docs/none.md#here"]
    assert "two-commands" in anchors(ROOT / "README.md")
