"""A write sent twice: who is let in comes first, no secret is kept, files count to the byte."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import resolve

from apps.platform.parameters import services as parameters
from apps.platform.parameters.models import ParameterProposal
from apps.platform.sign_in.models import ApiToken, IdempotentReply
from apps.platform.sign_in.services import idempotency, token_make
from apps.platform.uploads.models import Upload
from apps.platform.uploads.services import ReadingBusy
from tests.api.test_behaviour import PROPOSAL, post
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db
SECRETS = {"secret", "password", "link", "private_key", "key_pem"}


def bearer(user, *scopes):
    _, secret = token_make(
        user=user, name="t", scopes=scopes, days=1, actor=user, at=datetime.now(UTC)
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def sent(header, body, key, address="/api/v1/parameter-proposals/new/"):
    return Client().post(
        address,
        json.dumps(body),
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY=key,
        **header,
    )


def test_the_secret_of_a_token_is_kept_nowhere_and_the_token_is_made_once(as_user):
    client = as_user("iso.analyst")
    body = {"name": "nightly", "scopes": ["read"], "days": 2}
    made = post(client, body, "k", "/api/v1/api-tokens/make/")
    assert made.status_code == 201
    kept = IdempotentReply.objects.get()
    assert made.json()["secret"].encode() not in bytes(kept.body)
    again = post(client, body, "k", "/api/v1/api-tokens/make/")
    assert (again.status_code, again.json()["code"]) == (409, "API-idempotency")
    assert "not kept" in again.json()["detail"]
    assert ApiToken.objects.count() == 1
    refused = post(client, body | {"scopes": []}, "k2", "/api/v1/api-tokens/make/")
    repeated = post(client, body | {"scopes": []}, "k2", "/api/v1/api-tokens/make/")
    assert refused.status_code == repeated.status_code == 400
    assert repeated.json() == refused.json()


@pytest.mark.parametrize("key", [{}, {"HTTP_IDEMPOTENCY_KEY": "k"}])
def test_what_is_busy_is_told_to_come_again_with_a_key_and_without(as_user, monkeypatch, key):
    """given a busy reader; when a write comes; then it is answered 503, and done the next time"""
    client, real = as_user("iso.analyst"), parameters.propose
    client.raise_request_exception = False

    def propose(**words):
        real(**words)
        raise ReadingBusy

    def ask():
        body = json.dumps(PROPOSAL)
        address = "/api/v1/parameter-proposals/new/"
        return client.post(address, body, content_type="application/json", **key)

    with monkeypatch.context() as patch:
        patch.setattr(parameters, "propose", propose)
        busy = ask()
    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert busy.json()["code"] == "UP-BUSY"
    assert busy["Content-Type"] == "application/problem+json"
    assert ask().status_code == 201
    if key:
        assert ParameterProposal.objects.count() == 1


def properties(shape, shapes, seen):
    """Name every property of a described shape, whatever it is nested in."""
    if isinstance(shape, list):
        shape = dict(enumerate(shape))
    for key, value in shape.items() if isinstance(shape, dict) else ():
        if key == "properties":
            yield from value
        if key == "$ref" and value not in seen:
            seen.add(value)
            yield from properties(shapes[value.split("/")[-1]], shapes, seen)
        yield from properties(value, shapes, seen)


def test_every_operation_that_answers_with_a_secret_says_so():
    """In the described API: what a property of an answer is called tells that it is a secret."""
    described = json.loads((ROOT / "docs/openapi.json").read_text())
    shapes = described["components"]["schemas"]
    telling = {
        path
        for path, methods in described["paths"].items()
        for method in {"post", "patch"} & methods.keys()
        for status, answer in methods[method]["responses"].items()
        if status.startswith("2") and SECRETS & set(properties(answer, shapes, set()))
    }
    assert telling == {"/api/v1/api-tokens/make/"}
    for path in telling:
        assert resolve(path.replace("{", "").replace("}", "")).func.cls.answers_with_secret


def test_a_token_that_may_not_write_is_told_nothing_that_is_kept(person):
    analyst = person("iso.analyst")
    done = sent(bearer(analyst, "read", "write"), PROPOSAL, "k")
    assert done.status_code == 201
    lesser = sent(bearer(analyst, "read"), PROPOSAL, "k")
    assert (lesser.status_code, "scope" in lesser.json()["detail"]) == (403, True)
    assert "Idempotent-Replayed" not in lesser
    assert ParameterProposal.objects.count() == 1


def test_a_refusal_for_the_scope_stands_in_nobodys_way(person):
    analyst = person("iso.analyst")
    assert sent(bearer(analyst, "read"), PROPOSAL, "k").status_code == 403
    assert IdempotentReply.objects.count() == 0
    assert sent(bearer(analyst, "write"), PROPOSAL, "k").status_code == 201


def test_other_scopes_roles_or_ways_to_come_make_another_request(person, as_user):
    analyst = person("iso.analyst")
    assert sent(bearer(analyst, "write"), PROPOSAL, "k").status_code == 201
    for other in (
        sent(bearer(analyst, "write", "approve"), PROPOSAL, "k"),
        post(as_user("iso.analyst"), PROPOSAL, "k"),
    ):
        assert (other.status_code, other.json()["code"]) == (422, "API-idempotency")
    again = sent(bearer(analyst, "write"), PROPOSAL, "k")
    assert again["Idempotent-Replayed"] == "true"
    analyst.memberships.filter(role="ISO_SETTLEMENTS").delete()
    assert sent(bearer(analyst, "write"), PROPOSAL, "k").status_code in (403, 422)
    assert ParameterProposal.objects.count() == 1


def test_not_signed_in_or_not_let_in_is_not_kept(as_user):
    client = as_user("sc.bay")
    assert post(client, PROPOSAL, "k").status_code == 403
    assert Client().post("/api/v1/runs/request/", {}, HTTP_IDEMPOTENCY_KEY="k").status_code in (
        401,
        403,
    )
    assert IdempotentReply.objects.count() == 0


def file_sent(client, content, key, name="demand.csv"):
    return client.post(
        "/api/v1/uploads/send/",
        {"kind": "metered-demand", "file": SimpleUploadedFile(name, content)},
        HTTP_IDEMPOTENCY_KEY=key,
    )


def test_another_file_of_the_same_length_is_another_request(as_user):
    client = as_user("iso.operator")
    first = file_sent(client, b"A,B\n1,2\n", "k")
    assert first.status_code == 201, first.content
    again = file_sent(client, b"A,B\n1,2\n", "k")  # with another boundary
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.json()["id"] == first.json()["id"]
    for content, name in ((b"A,B\n9,9\n", "demand.csv"), (b"A,B\n1,2\n", "other.csv")):
        other = file_sent(client, content, "k", name)
        assert (other.status_code, other.json()["code"]) == (422, "API-idempotency")
    mine = Upload.objects.filter(opened_by__username="iso.operator", size_bytes=8)
    assert mine.count() == 1  # eight bytes: the view read the file whole after the hash


@contextmanager
def elsewhere():
    """A second connection to the test's database, as another process has."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def test_a_key_is_held_by_a_process_that_lives_and_free_when_it_died(as_user, person, monkeypatch):
    analyst = person("iso.analyst")
    asked = []
    monkeypatch.setattr(
        idempotency, "connection", type("C", (), {"cursor": lambda self: Noted(asked)})()
    )
    with idempotency.held(user=analyst, key="k"):
        pass
    monkeypatch.undo()
    number = asked[0][1][0]
    with elsewhere() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [number])
        held = post(as_user("iso.analyst"), PROPOSAL, "k")
        assert (held.status_code, held.json()["code"]) == (409, "API-idempotency")
        assert int(held["Retry-After"]) > 0
        assert post(as_user("iso.admin"), PROPOSAL, "k").status_code == 201  # a key of one's own
    assert post(as_user("iso.analyst"), PROPOSAL, "k").status_code == 201


class Noted:
    """A cursor that notes what it is asked and says yes."""

    def __init__(self, asked):
        self.asked = asked

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, *words):
        self.asked.append(words)

    def fetchone(self):
        return (True,)


def test_what_a_process_that_dies_over_it_has_done_is_undone_with_its_answer(as_user, monkeypatch):
    """Killed after the work and before the answer is kept: the retry does the work, once."""

    def dies(*_, **__):
        raise SystemExit

    client = as_user("iso.analyst")
    with monkeypatch.context() as m:
        m.setattr(idempotency.KeyedWrite, "reply_keep", dies)
        with pytest.raises(SystemExit):
            post(client, PROPOSAL, "k")
    assert ParameterProposal.objects.count() == 0
    assert post(client, PROPOSAL, "k").status_code == 201
    assert post(client, PROPOSAL, "k")["Idempotent-Replayed"] == "true"
    assert ParameterProposal.objects.count() == 1


def test_answers_older_than_a_day_are_forgotten_whoever_comes(as_user, person):
    for name in ("sc.bay", "iso.legal"):
        IdempotentReply.objects.create(
            user=person(name), key="old", mark="x", status=200, at=datetime(2020, 1, 1, tzinfo=UTC)
        )
    post(as_user("iso.analyst"), PROPOSAL, "k")
    assert IdempotentReply.objects.get().key == "k"


def test_a_fault_of_ours_is_not_kept(as_user, monkeypatch):
    client = as_user("iso.analyst")
    client.raise_request_exception = False
    with monkeypatch.context() as m:
        m.setattr("apps.platform.parameters.services.propose", lambda **_: 1 / 0)
        assert post(client, PROPOSAL, "k").status_code == 500
    assert post(client, PROPOSAL, "k").status_code == 201


def test_a_key_beside_a_body_that_cannot_be_read_is_a_plain_refusal(as_user):
    answer = as_user("iso.operator").post(
        "/api/v1/uploads/send/",
        b"no multipart",
        content_type="multipart/form-data",
        HTTP_IDEMPOTENCY_KEY="k",
    )
    assert answer.status_code == 400
    assert IdempotentReply.objects.count() == 0


def test_parts_are_told_apart_by_their_lengths():
    assert idempotency.fingerprint(["ab", "c"]) != idempotency.fingerprint(["a", "bc"])
    assert idempotency.fingerprint([b"a"]) == idempotency.fingerprint(["a"])
