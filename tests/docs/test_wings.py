"""The page of each wing: every app of the wing and every kind of row of its models, both ways."""

from __future__ import annotations

import re
import tomllib

import pytest
from django.apps import apps

from apps.platform.audit.models import Case, EffectiveDated
from apps.platform.runs.models import Result
from apps.platform.uploads.models import Fact
from tests.docs.written import ROOT, table

FOLDER = ROOT / "docs" / "wings"
WINGS = sorted(p.name for p in (ROOT / "apps").iterdir() if (p / "__init__.py").exists())
KINDS = (Fact, EffectiveDated, Case, Result)
HEADINGS = [
    "Apps",
    "Rows",
    "Doors that others use most",
    "What can be registered here",
    "Where to begin reading",
    "A new app here",
]


def page(wing):
    return FOLDER / f"{wing}.md"


def rows_of(wing):
    """Return the names of the models of a wing by their kind, in the order they are declared."""
    found = {kind.__name__: [] for kind in KINDS}
    for model in apps.get_models():
        if model.__module__.startswith(f"apps.{wing}."):
            for kind in KINDS:
                if issubclass(model, kind):
                    found[kind.__name__].append(model.__name__)
    return found


def test_each_wing_has_a_page_and_stands_in_their_index():
    assert sorted(p.stem for p in FOLDER.glob("*.md") if p.name != "README.md") == WINGS
    rows = table(FOLDER / "README.md", "Wing, the highest first")
    links = [re.fullmatch(r"\[(\w+)\]\((\w+)\.md\)", cell).groups() for cell, _ in rows]
    assert [name.lower() for name, _ in links] == [file for _, file in links] == layers()


def layers():
    """Return the wings as the import contract orders them, the highest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = [c for c in settings["contracts"] if c["id"] == "wings"]
    named = [w.strip(" ()") for layer in contract["layers"] for w in layer.split("|")]
    return [wing for wing in named if wing in WINGS]


@pytest.mark.parametrize("wing", WINGS)
def test_each_app_stands_on_the_page_of_its_wing_and_no_other(wing):
    standing = sorted(
        p.name for p in (ROOT / "apps" / wing).iterdir() if (p / "__init__.py").exists()
    )
    assert sorted(app.strip("`") for app, _ in table(page(wing), "App")) == standing


@pytest.mark.parametrize("wing", WINGS)
def test_rows_stand_on_the_page_by_their_kind(wing):
    told = {
        kind: sorted(re.findall(r"`(\w+)`", models)) for kind, models in table(page(wing), "Kind")
    }
    assert told == {kind: sorted(models) for kind, models in rows_of(wing).items()}


@pytest.mark.parametrize("wing", WINGS)
def test_pages_of_wings_have_one_shape(wing):
    lines = page(wing).read_text().splitlines()
    assert lines[0].lower() == f"# {wing}"
    assert [line[3:] for line in lines if line.startswith("## ")] == HEADINGS
    assert 30 <= len(lines) <= 70
