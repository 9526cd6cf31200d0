"""Every answer of the API has a schema, and holds nothing that its schema does not name."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator

from apps.platform.runs.models import Run
from apps.platform.sign_in.services import token_make
from apps.settlement.clearing import services as clearing
from apps.settlement.statements.models import Statement
from tests import acts
from tests.api.schemas import answers, free_parts, strict
from tests.api.test_contract import CHECKS, ROOT

CORRECTED = ROOT / "fixtures" / "demo" / "try" / "metered_demand_2024-09-04_corrected.csv"

# what is free in an answer, and why
FREE = {
    ("calculators_list", "Calculator.example"): "a calculator describes its own input",
    (
        "market_payload_text",
        "Text.content",
    ): "the payload as it was sent, in the form of its reader",
    ("run_*", "Hold.details"): "what the calculation of each kind of run reads of its own hold",
    ("upload_*", "Period.samples"): "rows by the columns of each kind of file",
}


@pytest.fixture(scope="module")
def described():
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))


def test_no_answer_is_an_object_without_a_shape(described):
    found = {
        (
            operation.split("_")[0] + "_*"
            if at in ("Hold.details", "Period.samples")
            else operation,
            at,
        )
        for operation, _, schema in answers(described)
        for at in free_parts(described, schema)
    }
    assert found == set(FREE)


def test_a_free_part_is_found_wherever_it_stands():
    shapes = {"Row": {"type": "object", "properties": {"x": {"type": "array", "items": {}}}}}
    described = {"components": {"schemas": shapes}}
    row = {"$ref": "#/components/schemas/Row"}
    assert free_parts(described, {"type": "object"}) == {""}
    assert free_parts(described, {"type": "object", "additionalProperties": {}}) == {""}
    assert free_parts(described, {"type": "array", "items": row}) == {"Row.x"}
    assert free_parts(described, {"allOf": [row], "nullable": True}) == {"Row.x"}
    assert (
        free_parts(described, {"type": "object", "additionalProperties": {"type": "string"}})
        == set()
    )


@pytest.fixture
def ask(served, person, described):
    """Ask an operation as the administrator; the answer is held against the strict schema."""
    admin = person("iso.admin")
    _, secret = token_make(
        user=admin,
        name="answers",
        scopes=["read", "write", "approve"],
        days=1,
        actor=admin,
        at=datetime.now(UTC),
    )
    api = schemathesis.openapi.from_dict(strict(described))

    def go(path, *, method="GET", body=None, media_type=None, query=None, **places):
        operation = api[f"/api/v1/{path}/"][method]
        sent = {"body": body, "media_type": media_type} if body is not None else {}
        case = operation.Case(path_parameters=places, query=query or {}, **sent)
        answer = case.call(app=served, headers={"Authorization": f"Bearer {secret}"})
        case.validate_response(answer, checks=CHECKS)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    return go


@pytest.fixture(scope="module")
def settled_twice(world):
    """Settle a day, correct its metered demand, and settle it again; return both runs' keys."""
    with world():
        first = acts.settle()
        acts.load("metered-demand", CORRECTED.read_bytes())
        yield first.pk, acts.settle(reason="corrected demand").pk


@pytest.fixture
def twice(settled_twice, db):
    """Return the run of a day and that of its corrected metered demand."""
    return [Run.objects.get(pk=key) for key in settled_twice]


def test_statements_answer_as_described(twice, ask):
    first, second = twice
    later = Statement.objects.filter(run=second, line_count__gt=0).order_by("-line_count").first()
    shown = ask("statements/{statement_id}", statement_id=later.pk)
    assert len(shown["lines"]) == later.line_count > 0
    number = shown["lines"][0]["line_no"]
    told = ask(
        "statements/{statement_id}/lines/{line_no}/explain", statement_id=later.pk, line_no=number
    )
    assert told["reproduced"] is True
    difference = ask("statements/{statement_id}/difference", statement_id=later.pk)
    assert difference["previous"] == later.previous_id
    assert set(difference["split"]["parts_usd"]) >= {"Rules", "Quantities"}
    sc = later.sc.code
    month = ask("statement-months/{sc}/{month}", sc=sc, month=f"{first.trade_date:%Y-%m}")
    assert month["total_usd"] == shown["total_usd"]
    weeks = ask("invoice-weeks/{sc}", sc=sc)
    assert sum(len(w["statements"]) for w in weeks) == 2


def test_comparisons_answer_as_described(twice, ask):
    first, second = twice
    pair = {"old": str(first.pk), "new": str(second.pk)}
    compared = ask("compare", query=pair)
    assert compared["lines"]
    assert compared["old"] == first.pk
    causes = ask("runs/{old_id}/causes/{new_id}", old_id=first.pk, new_id=second.pk)
    assert causes["lines"]
    preview = ask("publication-preview/{run_id}", run_id=first.pk)
    assert preview["new"] == first.pk
    used = ask("runs/{run_id}/completeness", run_id=second.pk)
    assert sum(u["used"] for u in used) > 0
    own = Statement.objects.filter(run=second, line_count__gt=0).first()
    line = own.lines.order_by("line_no").first()
    file = f"CHARGE_CODE,AMOUNT_FULL\n{line.charge_code},1.00\n".encode()
    shadow = ask(
        "statements/{statement_id}/shadow",
        method="POST",
        body={"file": file},
        media_type="multipart/form-data",
        statement_id=own.pk,
    )
    assert shadow["lines"]


def test_runs_and_uploads_answer_as_described(twice, ask):
    _, second = twice
    run = ask("runs/{run_id}", run_id=second.pk)
    assert run["inputs"]
    assert run["invariants"]
    chain = ask("publications")
    assert chain["publications"] == 2
    entry = second.inputs.exclude(dataset_version=None).first()
    version = entry.dataset_version
    upload = ask("uploads/{upload_id}", upload_id=version.upload_id)
    assert upload["preview"]["periods"]
    row = ask("datasets/{version_id}/rows/{line_no}", version_id=version.pk, line_no=2)
    assert row["row"]
    assert ask("requirements")


def test_clearing_answers_as_described(twice, ask, person):
    now = datetime.now(UTC)
    issued = clearing.issue_invoices(actor=person("iso.analyst"), at=now + timedelta(days=21))
    assert ask("invoices/{invoice_id}", invoice_id=issued[0].pk)["lines"]
    measured = clearing.measure(as_of=date(2024, 9, 6), actor=person("iso.analyst"), at=now)
    details = ask("exposures/{exposure_id}", exposure_id=measured[0].pk)["details"]
    assert details["window"] == ["2024-09-04"]
    assert set(ask("trial-balance")) == {"MARKET", "LEGACY"}


def test_a_field_that_no_schema_names_is_refused(twice, ask, monkeypatch):
    from apps.settlement.clearing.serializers import TrialBalanceSerializer

    told = TrialBalanceSerializer.to_representation
    monkeypatch.setattr(
        TrialBalanceSerializer, "to_representation", lambda s, v: told(s, v) | {"more": 1}
    )
    with pytest.raises(BaseException, match="more"):
        ask("trial-balance")
