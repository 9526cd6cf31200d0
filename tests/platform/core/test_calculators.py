"""Calculators on their own: decimal strings in, violations for everything wrong."""

import io
import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.calculator import CALCULATORS, Refused
from apps.site.calculators.services import calculate

GOOD = {
    "net_capacity_usd": "100.00",
    "scope": "LOCAL",
    "tac_mw": {"PGE-TAC": "1"},
    "load_mwh": [{"sc": "A", "tac": "PGE-TAC", "mwh": "1"}],
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"net_capacity_usd": 100}, "CALC-NUMBER"),
        ({"net_capacity_usd": "100.001"}, "CALC-CENTS"),
        ({"net_capacity_usd": "1e3"}, "CALC-NUMBER"),
        ({"net_capacity_usd": None}, "CALC-NUMBER"),
        ({"scope": "local"}, "CALC-CHOICE"),
        ({"scope": ["LOCAL"]}, "CALC-CHOICE"),
        ({"tac_mw": {"PGE-TAC": "-1"}}, "CALC-RANGE"),
        ({"tac_mw": {}}, "CALC-NO-MW"),
        ({"tac_mw": {"SCE-TAC": "1"}}, "UNALLOCATED_NO_LOAD"),
        ({"load_mwh": {}}, "CALC-SHAPE"),
        ({"load_mwh": []}, "CALC-NO-LOAD"),
        ({"load_mwh": [7]}, "CALC-SHAPE"),
        ({"load_mwh": [{"sc": "A", "tac": "PGE-TAC", "mwh": "NaN"}]}, "CALC-NUMBER"),
        ({"load_mwh": GOOD["load_mwh"] * 2}, "CALC-DOUBLE"),
        ({"surprise": 1}, "CALC-UNKNOWN"),
    ],
)
@pytest.mark.brq("BRQ-1230")
def test_wrong_input_is_refused_with_its_code(change, code):
    with pytest.raises(Refused) as caught:
        calculate(name="capacity-allocation", text=json.dumps(GOOD | change))
    assert code in {f.code for f in caught.value.violations}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a":1,"a":2}', "[" * 100_000, "nul", "\x00"])
def test_what_is_no_json_object_is_refused(text):
    with pytest.raises(Refused):
        calculate(name="cost-shares", text=text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["total_usd", "weights", "net_capacity_usd", "scope", "tac_mw", "load_mwh"]
        ),
        JSON,
    )
)
def test_no_document_breaks_a_calculator(body):
    for calculator in CALCULATORS:
        try:
            assert calculate(name=calculator.name, text=json.dumps(body))
        except Refused as refusal:
            assert refusal.violations


def test_every_example_calculates():
    assert len(CALCULATORS) == 29
    for calculator in CALCULATORS:
        assert calculate(name=calculator.name, text=json.dumps(dict(calculator.example)))


def test_the_command_reads_and_writes_json(monkeypatch, capsys):
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    call_command("calculate", "capacity-allocation")
    assert json.loads(capsys.readouterr().out)["total_usd"] == "100.00"


POOL = {"months": [{"month": "2024-01", "charges_usd": ".52", "payable_at_cap_usd": ".50"}]}
CARRIED = {
    "months": [{"month": "2024-01", "payment_usd": "-0.50", "carry_usd": "0.02"}],
    "year_end_residue_usd": "0.02",
}


@pytest.mark.brq("BRQ-1240")
def test_a_number_may_begin_with_its_point(monkeypatch, capsys, client, db):
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(POOL).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    call_command("calculate", "raaim-pool")
    assert json.loads(capsys.readouterr().out) == CARRIED
    answer = client.post("/api/v1/calculators/raaim-pool", POOL, "application/json")
    assert (answer.status_code, answer.json()) == (200, CARRIED)


def test_the_command_ends_with_2_for_bad_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    with pytest.raises(SystemExit) as caught:
        call_command("calculate", "cost-shares")
    assert caught.value.code == 2
    assert {f["code"] for f in json.loads(capsys.readouterr().out)} == {"CALC-MISSING"}


def test_the_api_answers_400_with_violations(client, db):
    good = client.post("/api/v1/calculators/capacity-allocation", GOOD, "application/json")
    assert good.status_code == 200
    assert good.json()["lines"] == [{"sc": "A", "tac": "PGE-TAC", "usd": "100.00"}]
    bad = client.post("/api/v1/calculators/cost-shares", "{", "application/json")
    assert bad.status_code == 400
    assert bad.json()[0]["code"] == "CALC-JSON"
    assert client.post("/api/v1/calculators/none", "{}", "application/json").status_code == 404


@pytest.mark.parametrize("calculator", list(CALCULATORS), ids=lambda c: c.name)
def test_example_and_answer_keep_to_the_schemas_of_the_api(calculator):
    answer = calculator.calculate(dict(calculator.example))
    jsonschema.validate(dict(calculator.example), calculator.request_schema)
    jsonschema.validate(answer, calculator.answer_schema)
    assert set(answer) == {port.name for port in calculator.gives}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**calculator.example, "surprise": 1}, calculator.request_schema)


def test_every_field_says_what_it_means():
    ports = [port for c in CALCULATORS for port in (*c.takes, *c.gives)]
    assert len(ports) == 179
    assert not [port for port in ports if not port.meaning or "value" in port.shape.split()]


def test_a_calculator_is_registered_by_the_app_whose_rule_it_is():
    for entry in CALCULATORS.entries():
        module = entry.value.compute.__module__
        if module.startswith("apps.platform.core."):
            continue  # the kernel is no app; the app of calculators offers its rules
        app = "/".join(module.split(".")[:3])
        assert entry.file.endswith(f"{app}/apps.py"), entry


def test_the_app_of_calculators_knows_no_other_app():
    folder = Path(__file__).resolve().parents[3] / "apps" / "site" / "calculators"
    text = "".join(path.read_text() for path in sorted(folder.rglob("*.py")))
    named = set(re.findall(r"(?<!/)\bapps\.[a-z]+\.[a-z]+", text))
    assert named == {"apps.platform.core", "apps.platform.ui", "apps.site.calculators"}


def test_everything_wrong_is_told_at_once_with_its_place():
    body = {
        "net_capacity_usd": "NaN",
        "scope": "local",
        "tac_mw": {"PGE-TAC": "1,5"},
        "load_mwh": [7, {"sc": "", "tac": "PGE-TAC", "mwh": "-1"}, {"sc": "A", "mwh": "Infinity"}],
        "surprise": 1,
    }
    with pytest.raises(Refused) as caught:
        calculate(name="capacity-allocation", text=json.dumps(body))
    assert [(f.code, f.column) for f in caught.value.violations] == [
        ("CALC-NUMBER", "net_capacity_usd"),
        ("CALC-CHOICE", "scope"),
        ("CALC-NUMBER", "tac_mw.PGE-TAC"),
        ("CALC-SHAPE", "load_mwh[0]"),
        ("CALC-TEXT", "load_mwh[1].sc"),
        ("CALC-RANGE", "load_mwh[1].mwh"),
        ("CALC-MISSING", "load_mwh[2].tac"),
        ("CALC-NUMBER", "load_mwh[2].mwh"),
        ("CALC-UNKNOWN", "surprise"),
    ]
    assert [f.message for f in caught.value.violations][:2] == [
        'net_capacity_usd must be a decimal number in quotes, such as "12.50"; got the text '
        "'NaN': write the number alone, without words or other signs.",
        "scope must be one of LOCAL, SYSTEM.",
    ]


@pytest.mark.parametrize(
    "text", ['{"weights": {"\\ud800": "1"}, "total_usd": "1"}', '{"\\ud800": 1}']
)
def test_half_of_a_sign_is_refused(text):
    with pytest.raises(Refused, match="half of a sign"):
        calculate(name="cost-shares", text=text)


def test_what_a_resource_does_not_need_is_passed_over():
    def month(kind):
        row = {"id": "A", "kind": kind, "mw": "1", "curtailed_mwh": "0"}
        body = dict(CALCULATORS["raaim-month"].example)
        body["resources"] = [{**row, "contract_price_usd_mw_day": "no price"}]
        return calculate(name="raaim-month", text=json.dumps(body))

    assert month("RA")["pool_usd"] == "0.00"
    with pytest.raises(Refused, match="contract_price_usd_mw_day must be a decimal number"):
        month("RMR")
