"""What a JSON body may be is bounded before anything is made of it, at every operation."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from django import forms
from django.test import RequestFactory
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from apps.platform.accounts.models import User
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.json_bodies import MOST_DEPTH, BoundedJson, deeper_than
from apps.platform.ui.workflow import WORKFLOWS

DESCRIBED = json.loads((Path(__file__).resolve().parents[2] / "docs" / "openapi.json").read_text())
WRITES = [
    (path, method)
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
]
DEEP = "[" * 200_000


def read(body, encoding="utf-8"):
    request = RequestFactory().post("/x/", body, content_type="application/json")
    return BoundedJson().parse(request, "application/json", {"encoding": encoding})


@pytest.mark.django_db
def test_no_operation_fails_at_a_body_that_nests_too_deep(client):
    client.force_login(User.objects.get(username="iso.admin"))
    assert len(WRITES) > 100
    for path, method in WRITES:
        address = path
        while "{" in address:
            before, _, rest = address.partition("{")
            address = before + "1" + rest.partition("}")[2]
        answer = client.generic(method, address, DEEP, content_type="application/json")
        assert answer.status_code < 500, path
        assert "json" in answer["Content-Type"], path


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        '{"a":' * 100_000,
        "[" * 100 + "]" * 100,
        '{"a":' * 40 + "1" + "}" * 40,
        '["\\ud800"]',
        "[NaN]",
        "[" + "9" * 5_000 + "]",
        "\ufeff[]",
        "",
        "{",
    ],
)
def test_a_body_that_is_no_json_or_nests_too_deep_is_refused_with_a_sentence(body):
    with pytest.raises(ParseError) as caught:
        read(body)
    assert str(caught.value.detail)


@pytest.mark.parametrize("text", [DEEP, "[" + "9" * 5_000 + "]", '["\\ud800"]', "[NaN]", "["])
def test_no_field_of_a_form_fails_at_a_text_that_is_no_json(text):
    for name, field in form_fields():
        with contextlib.suppress(forms.ValidationError):
            field.clean(text)
        field.bound_data(text, None)
        field.has_changed(None, text)
        assert name


def form_fields():
    """Yield every field of every form of a desk that takes a text."""
    for desk in WORKFLOWS:
        made = [desk.opening and desk.opening.form, *(s.form for s in desk.steps.values())]
        for form in filter(None, made):
            for name, field in form.base_fields.items():
                if not isinstance(field, forms.FileField | forms.ModelChoiceField):
                    yield f"{desk.name} {name}", field


@pytest.mark.parametrize("encoding", ["zlib", "bz2", "hex", "base64", "no-such"])
def test_an_encoding_that_unpacks_is_none(encoding):
    """A body of some bytes would else become any number of them."""
    import codecs

    body = codecs.encode(b"[1]", encoding) if encoding != "no-such" else b"[1]"
    with pytest.raises(ParseError):
        read(body, encoding)


def test_a_body_of_too_many_bytes_is_refused_before_it_is_parsed(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    assert read("[" + " " * 900 + "]") == []
    with pytest.raises(APIException) as caught:
        read("[" + " " * 1_100 + "]")
    assert caught.value.status_code == 413


def test_depth_is_counted_to_the_level():
    def nest(levels):
        return json.loads("[" * levels + "]" * levels)

    assert not deeper_than(1, 1)
    assert not deeper_than(nest(MOST_DEPTH), MOST_DEPTH)
    assert deeper_than(nest(MOST_DEPTH + 1), MOST_DEPTH)
    assert read(json.dumps({"a": [{"b": nest(20)}], "c": "é"})) == {
        "a": [{"b": nest(20)}],
        "c": "é",
    }


@pytest.mark.django_db
def test_the_description_is_made_once_and_takes_nothing_of_who_asked(client, monkeypatch):
    from apps.platform.ui import schema_api

    made = []
    monkeypatch.setattr(schema_api.DescriptionApi, "made", b"")
    generate = schema_api.DescriptionApi.generator_class.get_schema
    monkeypatch.setattr(
        schema_api.DescriptionApi.generator_class,
        "get_schema",
        lambda self, **words: made.append(words) or generate(self, **words),
    )
    first = client.get("/api/v1/schema.json?version=evil")
    client.force_login(User.objects.get(username="iso.admin"))
    again = client.get("/api/v1/schema.json")
    assert first.content == again.content
    assert "evil" not in first.content.decode()
    assert len(made) == 1
    assert json.loads(first.content)["paths"].keys() == DESCRIBED["paths"].keys()


@pytest.mark.django_db
def test_every_operation_refuses_a_field_that_it_does_not_ask_for(client):
    """A misspelt optional field would be dropped, and change what is meant, without a word."""
    client.force_login(User.objects.get(username="iso.admin"))
    refused, told = 0, []
    for path, method in WRITES:
        address = path
        while "{" in address:
            before, _, rest = address.partition("{")
            address = before + "1" + rest.partition("}")[2]
        sent = json.dumps({"never_asked_for": 1})
        answer = client.generic(method, address, sent, content_type="application/json")
        assert answer.status_code in (400, 403, 404, 409, 415), (path, answer.status_code)
        if answer.status_code == 400:
            refused += 1
            named = {v["column"] for v in answer.json()["violations"]}
            told += [path] if named != {"never_asked_for"} else []
    assert told == []
    assert refused > 30


@pytest.mark.django_db
def test_a_misspelt_month_makes_no_credit_of_the_year(client):
    client.force_login(User.objects.get(username="iso.operator"))
    sent = {"resource": "GRNLF2_1_UNIT", "kind": "LOCAL", "mw": "10", "ra_year": 2024, "month": 7}
    answer = client.post("/api/v1/credit-proposals/new/", sent, content_type="application/json")
    assert answer.status_code == 400
    said = answer.json()["violations"]
    assert [v["column"] for v in said] == ["month"]
    assert "did you mean ra_month?" in said[0]["message"]


class Needed(serializers.Serializer):
    """A body whose reason is needed."""

    reason = serializers.CharField()


@pytest.mark.parametrize("form", ["json", "multipart"])
def test_a_needed_reason_in_which_nothing_is_seen_is_missing_however_it_is_sent(form):
    sent = APIRequestFactory().post("/x/", {"reason": "\u200b"}, format=form)
    with pytest.raises(APIException) as trouble:
        body_of_request(Request(sent, parsers=[JSONParser(), MultiPartParser()]), Needed)
    assert set(trouble.value.detail) == {"reason"}
