"""The API keeps to its description: no fault of ours, no answer that is not described."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.platform.sign_in.services import token_make
from tests.api.schemas import strict

ROOT = Path(__file__).resolve().parents[2]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


DESCRIBED = schemathesis.openapi.from_dict(
    strict(json.loads((ROOT / "docs" / "openapi.json").read_text()))
)
OPERATIONS = [found.ok() for found in DESCRIBED.get_all_operations()]


@pytest.mark.turns(5, of=("docs/openapi.json", "apps/platform/ui/"))
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_every_operation_answers_as_described(operation, served, person, settle):
    operation.schema.app = served  # chooses the transport
    admin = person("iso.admin")
    _, secret = token_make(
        user=admin,
        name="fuzz",
        scopes=["read", "write", "approve"],
        days=1,
        actor=admin,
        at=datetime.now(UTC),
    )

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def answers(case):
        with transaction.atomic():
            case.call_and_validate(
                app=served, headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS
            )

    answers()


def test_the_described_api_is_the_committed_one(db, client):
    served = json.loads(client.get("/api/v1/schema.json").content)
    committed = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert served["paths"].keys() == committed["paths"].keys()


def test_every_operation_has_its_own_name_and_says_what_it_does():
    committed = json.loads((ROOT / "docs" / "openapi.json").read_text())
    operations = [o for p in committed["paths"].values() for o in p.values()]
    names = [o["operationId"] for o in operations]
    assert len(names) == len(set(names))
    assert all(o.get("summary") or o.get("description") for o in operations)
    assert all("application/problem+json" in str(o["responses"]["403"]) for o in operations)
