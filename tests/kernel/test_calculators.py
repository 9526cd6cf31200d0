"""Calculators on their own: decimal strings in, findings for everything wrong."""

import io
import json
import sys

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.kernel.calculator import CALCULATORS, Refused
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
    assert code in {f.code for f in caught.value.findings}


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
            assert refusal.findings


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


def test_the_api_answers_400_with_findings(client, db):
    good = client.post("/api/v1/calculators/capacity-allocation", GOOD, "application/json")
    assert good.status_code == 200
    assert good.json()["lines"] == [{"sc": "A", "tac": "PGE-TAC", "usd": "100.00"}]
    bad = client.post("/api/v1/calculators/cost-shares", "{", "application/json")
    assert bad.status_code == 400
    assert bad.json()[0]["code"] == "CALC-JSON"
    assert client.post("/api/v1/calculators/none", "{}", "application/json").status_code == 404
