"""Idempotency keys, ETags, rate limits, problems, and the client against a real server."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.test import Client as Browser

from apps.platform.parameters.models import ParameterProposal
from apps.platform.sign_in.models import IdempotentReply
from apps.platform.sign_in.services import token_make
from rmrcpm.client import Client, Refused
from tests.platform.uploads.test_hostile import HEAD, ROWS, text

pytestmark = pytest.mark.django_db
PROPOSAL = {
    "name": "rmr.pmax_tolerance_mw",
    "text": "0.02",
    "first_date": "2024-09-01",
    "reference": "test",
    "reason": "test",
}


def post(client, body, key, address="/api/v1/parameter-proposals/new/"):
    return client.post(
        address, json.dumps(body), content_type="application/json", HTTP_IDEMPOTENCY_KEY=key
    )


def test_the_same_key_does_the_work_once(as_user):
    client = as_user("iso.analyst")
    first, again = post(client, PROPOSAL, "k1"), post(client, PROPOSAL, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert ParameterProposal.objects.count() == 1
    assert post(client, PROPOSAL, "k2").json()["id"] != first.json()["id"]


def test_a_refusal_is_repeated_as_it_was(as_user):
    client = as_user("iso.analyst")
    wrong = PROPOSAL | {"text": "no number"}
    first, again = post(client, wrong, "k"), post(client, wrong, "k")
    assert first.status_code == again.status_code == 400
    assert first.json() == again.json()
    assert again["Content-Type"] == "application/problem+json"


def test_a_key_belongs_to_one_request_and_one_person(as_user):
    post(as_user("iso.analyst"), PROPOSAL, "k")
    other = post(as_user("iso.analyst"), PROPOSAL | {"text": "0.03"}, "k")
    assert (other.status_code, other.json()["code"]) == (422, "API-idempotency")
    assert post(as_user("iso.admin"), PROPOSAL, "k").status_code == 201
    assert post(as_user("iso.admin"), PROPOSAL, "x" * 81).status_code == 400


def test_a_claim_left_by_a_process_that_died_is_taken_over_and_an_old_answer_forgotten(
    as_user, person
):
    analyst = person("iso.analyst")
    now = datetime.now(UTC)
    IdempotentReply.objects.create(user=analyst, key="k", mark="x", at=now)
    assert post(as_user("iso.analyst"), PROPOSAL, "k").status_code == 201
    IdempotentReply.objects.update(at=now - timedelta(days=2))
    assert post(as_user("iso.analyst"), PROPOSAL | {"text": "0.03"}, "k").status_code == 201


def test_what_has_not_changed_is_not_sent_again(as_user, settle):
    settle()
    client = as_user("iso.analyst")
    first = client.get("/api/v1/statements/")
    again = client.get("/api/v1/statements/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/api/v1/statements/?page_size=1", HTTP_IF_NONE_MATCH=first["ETag"])
    assert other.status_code == 200
    assert "ETag" not in client.get("/statements/").headers


def test_too_many_requests_are_told_when_to_come_again(as_user, settings, monkeypatch):
    from django.core.cache import caches
    from rest_framework.throttling import UserRateThrottle

    caches["process"].clear()
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min"})
    client = as_user("iso.analyst")
    answers = [client.get("/api/v1/whoami/") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1].json()["code"] == "API-throttled"
    caches["process"].clear()


def test_a_problem_names_each_field(as_user):
    answer = post(as_user("iso.analyst"), {"name": "x"}, "")
    assert answer.status_code == 400
    assert {f["column"] for f in answer.json()["violations"]} >= {"text", "first_date", "reason"}
    assert answer.json()["type"].startswith("/help/api/#")


@pytest.fixture
def site(served):
    """The application behind a real socket, in this process, so that it sees the test's rows."""
    from django.db import connections

    class Quiet(WSGIRequestHandler):
        def log_message(self, *words):
            pass

    def shared(environ, start):
        connections["default"] = real
        return served(environ, start)

    real = connections["default"]
    real.inc_thread_sharing()
    server = make_server("127.0.0.1", 0, shared, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    real.dec_thread_sharing()


@pytest.fixture
def signed_in(site, person):
    def go(name, scopes=("read", "write", "approve")):
        _, secret = token_make(
            user=person(name),
            name="client",
            scopes=scopes,
            days=1,
            actor=person(name),
            at=datetime.now(UTC),
        )
        return Client(site, token=secret, pause=0.05)

    return go


def test_a_day_is_settled_by_programs_alone(signed_in, tmp_path):
    file = tmp_path / "demand.csv"
    file.write_text(text([HEAD, *([*r[:2], "2024-09-05", *r[3:]] for r in ROWS)]))
    operator, approver, analyst = map(signed_in, ("iso.operator", "iso.approver", "iso.analyst"))
    assert operator.whoami()["roles"] == ["ISO_OPERATOR"]
    sent = operator.send("metered-demand", file, note="by the client")
    assert (sent.state, sent.row_count) == ("READY", 24)
    told = {warning["id"]: "a small day" for warning in sent.plausibility}
    assert len(told) == 1
    with pytest.raises(Refused, match="Acknowledge with a reason of its own"):
        approver.confirm(sent.id, reason="test")
    done = approver.confirm(sent.id, reason="test", acknowledged=told)
    assert (done.state, done.plausibility[0]["reason"]) == ("CONFIRMED", "a small day")
    run = analyst.request_run("2024-09-05", reason="client")
    run = analyst.run(run.id)
    if run.state == "REQUESTED":
        from apps.platform.runs.services import execute

        execute(run_id=run.id, at=datetime.now(UTC))
    sealed = analyst.wait_for_run(run.id)
    assert sealed.state == "SEALED"
    assert (
        approver.publish(run.id, confirm=f"{sealed.trade_date} v{sealed.version}").state
        == "PUBLISHED"
    )
    bay = signed_in("sc.bay", ["read"])
    (row,) = [r for r in bay.rows("statements") if r["trade_date"] == "2024-09-05"]
    statement = bay.statement(int(row["id"]))
    assert statement["sc"] == "SYN_LSE_BAY"
    assert bay.explain(int(row["id"]), statement["lines"][0]["line_no"])["reproduced"] is True


def test_the_client_raises_what_the_pages_would_show(signed_in, tmp_path):
    file = tmp_path / "demand.csv"
    file.write_text(text([HEAD, [*ROWS[0][:4], "x"]]))
    operator = signed_in("iso.operator", ["write", "read"])
    sent = operator.send("metered-demand", file)
    assert sent.state == "REFUSED"
    assert sent.violations[0]["code"] == "UP-NUMBER"
    with pytest.raises(Refused) as trouble:
        operator.confirm(sent.id)
    assert (trouble.value.status, "scope" in str(trouble.value)) == (403, True)
    with pytest.raises(Refused) as trouble:
        Client(operator.site, token="rmr_nonsense").whoami()
    assert trouble.value.status == 401


def test_the_client_keeps_what_has_not_changed(signed_in, settle, monkeypatch):
    settle()
    bay = signed_in("sc.bay")
    first = list(bay.rows("statements"))
    assert bay.etags
    again = list(bay.rows("statements"))
    assert again == first


def test_browser_sessions_need_their_csrf_token(person):
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(person("iso.analyst"))
    answer = strict.post("/api/v1/runs/request/", {"trade_date": "2024-09-04"})
    assert answer.status_code == 403
