"""Parameters are data: files that are wrong refuse to start, with file, line and a sentence."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest
from django.apps import apps

from apps.platform.core import effective
from apps.platform.core.declarations import DeclarationsWrong, ParameterRefused
from apps.platform.core.effective import ParameterUndeclared, asked_names, declared, parameter
from apps.platform.parameters.adapters import load_declarations, read_declarations
from apps.reliability.retirements.rules import NoticeScope
from apps.settlement.cost_recovery.rules.fuel import READINGS
from tests.conftest import ROOT

GOOD = """\
- name: some.share
  title: A share
  type: decimal
  unit: none
  minimum: 0.01
  maximum: 2
  source: Rule book 1
  requirements: [BRQ-0001]
"""


def read(tmp_path, *texts):
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"{number}.yaml")
        files[-1].write_text(text)
    return read_declarations([*files, tmp_path / "none.yaml"])


def test_a_declaration_is_read_with_exact_limits(tmp_path):
    (one,) = read(tmp_path, GOOD)
    assert (one.name, one.type, one.shown_unit) == ("some.share", "decimal", "")
    assert (one.minimum, one.requirements) == ("0.01", ("BRQ-0001",))
    assert one.read("0.010") == Decimal("0.010")
    with pytest.raises(ParameterRefused, match=r"0\.009 is below the least value, 0\.01"):
        one.read("0.009")


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("  unit: none\n", "", "0.yaml:1: unit: a number has a unit; write unit: none"),
        ("type: decimal", "type: float", "0.yaml:3: type must be one of decimal, integer, date"),
        ("  title:", "  label:", "0.yaml:2: There is no field 'label'; the fields are name, title"),
        ("  source: Rule book 1\n", "", "0.yaml:1: The field 'source' is missing."),
        ("minimum: 0.01", "minimum: 1e-2", "0.yaml:5: minimum: '1e-2' is no plain decimal limit"),
        ("minimum: 0.01", "minimum: 3", "0.yaml:5: minimum: the least value is above"),
        ("maximum: 2", "minimum: 2", "0.yaml:6: the field 'minimum' stands twice."),
        ("type: decimal", "type: choice", "0.yaml:1: choices: a choice"),
        (
            "  unit: none",
            "  choices: [A]\n  unit: none",
            "0.yaml:4: choices: a choice, and nothing",
        ),
        ("type: decimal\n  unit: none", "type: date\n  unit: MW", "0.yaml:4: unit: a date has no"),
        ("[BRQ-0001]", "BRQ-0001", "0.yaml:8: requirements must be a list."),
        (GOOD, "name: some.share\n", "0.yaml:1: the file must be a list of parameters."),
        ("title: A share", "title: [", "0.yaml:4: this is not YAML."),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path, was, now, sentence):
    assert was in GOOD
    with pytest.raises(DeclarationsWrong) as trouble:
        read(tmp_path, GOOD.replace(was, now, 1))
    assert sentence in str(trouble.value)


def test_every_mistake_of_every_file_is_told_at_once(tmp_path):
    with pytest.raises(DeclarationsWrong) as trouble:
        read(tmp_path, GOOD.replace("decimal", "float"), GOOD.replace("title", "label"), GOOD, GOOD)
    told = str(trouble.value).splitlines()
    assert len(told) == 4
    assert told[3].endswith(f"some.share is declared already, at {tmp_path}/2.yaml:1.")


def test_code_asks_for_what_is_declared_and_nothing_else():
    assert asked_names() == {p.name for p in declared()}
    assert len(declared()) == 82
    with (
        effective.ASKED.replaced(*effective.ASKED),
        pytest.raises(ParameterUndeclared, match=r"declares the parameter 'costs\.headrom'"),
    ):
        parameter("costs.headrom")


def test_start_up_refuses_a_file_that_lacks_what_code_asks(tmp_path):
    (tmp_path / "parameters.yaml").write_text(GOOD)
    with effective.PARAMETERS.replaced(), pytest.raises(ParameterUndeclared):
        load_declarations([tmp_path])


def test_start_up_reads_the_file_of_an_app(monkeypatch, tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "parameters.yaml").write_text(GOOD.replace("decimal", "float"))
    monkeypatch.setattr(apps.get_app_config("costs"), "path", str(tmp_path))
    with pytest.raises(DeclarationsWrong, match=r"rules/parameters\.yaml:3: type must be one of"):
        apps.get_app_config("parameters").ready()


def test_choices_of_a_file_are_those_of_the_code():
    choices = {p.name: p.choices for p in declared() if p.type == "choice"}
    assert choices["retirement.notice_scope"] == tuple(NoticeScope)
    assert choices["recovery.rule"] == READINGS


def test_declarations_are_read_without_a_site():
    code = (
        "import sys; sys.modules['django'] = None; import apps\n"
        "from apps.platform.parameters.adapters import load_beside\n"
        "from apps.platform.core.effective import declared\n"
        "load_beside(apps); print(len(declared()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "82"
