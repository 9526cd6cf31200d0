"""The version of a run's code follows every file that can change a number, and names none twice."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps

from apps.platform.core.calculator import CALCULATORS
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.selectors import SourceMissing, number_sources
from apps.platform.runs.selectors.code_version import digest_of
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.settlement.settlements.rules.chain import NODES

ROOT = Path(__file__).resolve().parents[3] / "apps"
SETTLEMENTS = ROOT / "settlement" / "settlements"


def config_at(path, **declared):
    """Return what a start-up class tells of an app that stands in a folder."""
    return SimpleNamespace(
        name="apps.settlement.settlements", label="settlements", path=str(path), **declared
    )


def version_of(path, **declared):
    return digest_of(number_sources([config_at(path, **declared)]))


@pytest.fixture
def copied(tmp_path):
    """Return a copy of an app, to be changed."""
    target = tmp_path / "settlements"
    shutil.copytree(SETTLEMENTS, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


@pytest.mark.parametrize(
    "place",
    [
        "rules/parameters.yaml",
        "rules/raaim.py",
        "rules/nodes/raaim.py",
        "layouts.py",
        "services/inputs.py",
        "selectors/results.py",
    ],
)
def test_one_sign_in_a_source_makes_another_version(copied, place):
    rooms = {"numbers_from": ("selectors", "services")}
    before = version_of(copied, **rooms)
    file = copied / place
    file.write_text(file.read_text() + "\n")
    assert version_of(copied, **rooms) != before


def test_a_page_makes_no_other_version(copied):
    before = version_of(copied)
    (copied / "screens.py").write_text("")
    (copied / "rules" / "__pycache__").mkdir()
    (copied / "rules" / "__pycache__" / "raaim.cpython-311.pyc").write_bytes(b"x")
    assert version_of(copied) == before


def test_the_version_follows_a_file_that_moves(copied):
    before = version_of(copied)
    (copied / "rules" / "raaim.py").rename(copied / "rules" / "raaim_pool.py")
    renamed = version_of(copied)
    (copied / "rules" / "raaim_pool.py").rename(copied / "rules" / "nodes" / "raaim_pool.py")
    assert len({before, renamed, version_of(copied)}) == 3


def test_a_new_file_of_rules_or_a_table_beside_them_is_in_it(copied):
    seen = {version_of(copied)}
    for place in ("rules/crr.py", "rules/nodes/new/deeper.py", "rules/shares.csv"):
        (copied / place).parent.mkdir(exist_ok=True)
        (copied / place).write_text("1")
        seen.add(version_of(copied))
    assert len(seen) == 4


def test_an_app_may_move_as_a_whole(copied, tmp_path):
    before = version_of(copied)
    assert version_of(copied.rename(tmp_path / "elsewhere")) == before
    other = SimpleNamespace(name="apps.other", label="other", path=str(tmp_path / "elsewhere"))
    assert digest_of(number_sources([other])) != before


@pytest.mark.parametrize("room", ["charges", "selectors", "empty"])
def test_a_declared_source_without_code_is_refused(copied, room):
    shutil.rmtree(copied / "selectors")
    (copied / "empty").mkdir()
    with pytest.raises(SourceMissing, match=f"declares '{room}' as a source of numbers"):
        version_of(copied, numbers_from=("services", room))


def test_start_up_refuses_a_missing_source(monkeypatch):
    settlements = apps.get_app_config("settlements")
    monkeypatch.setattr(settlements, "numbers_from", ("selectors", "servises"))
    with pytest.raises(SourceMissing, match=r"apps\.settlement\.settlements declares 'servises'"):
        apps.get_app_config("runs").ready()


def test_no_file_of_rules_layouts_or_the_core_is_outside():
    inside = {path for _, path in number_sources()}
    found = {
        path
        for path in ROOT.rglob("*.py")
        if {"rules", "layouts", "core"} & set(path.relative_to(ROOT).parts)
        or path.name in ("rules.py", "layouts.py")
    }
    assert len(found) > 150
    assert found <= inside


def test_whatever_declares_that_it_makes_numbers_is_inside():
    """Nodes, calculators, run kinds, quantities, and what stores the rows of a file."""
    inside = {path for _, path in number_sources()}
    makers = [version.compute for node in NODES for version in node.versions]
    makers += [c.compute for c in CALCULATORS]
    makers += [f for kind in RUN_KINDS for f in (kind.compute, kind.dated_inputs)]
    makers += [kind.store for kind in UPLOAD_KINDS]
    makers.append(QuantityField)
    outside = {m for m in makers if Path(inspect.getsourcefile(inspect.unwrap(m))) not in inside}
    assert len(makers) > 100
    assert not outside


def test_every_declaration_of_a_parameter_and_its_reader_are_inside():
    names = {name for name, _ in number_sources()}
    files = {path for path in ROOT.rglob("parameters.yaml")}
    assert len(files) == 16
    assert files <= {path for _, path in number_sources()}
    assert {"parameters/adapters.py", "core/declarations.py"} <= names


def test_names_are_unique_and_the_same_on_every_machine():
    names = [name for name, _ in number_sources()]
    assert len(names) == len(set(names))
    assert names == sorted(names)
    assert "settlements/rules/raaim.py" in names
    assert "core/shares.py" in names
    assert "ui/fields.py" in names
