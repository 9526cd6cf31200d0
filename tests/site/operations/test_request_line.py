"""Each request has an id: in its answer, its line of the log, the audit log, and its jobs."""

from __future__ import annotations

import re

import pytest

from apps.platform.accounts.models import Party
from apps.platform.audit.models import AuditEvent
from apps.platform.jobs import services as jobs
from apps.platform.jobs.hooks import JOB_KINDS, JOB_WORKER, JobKind
from apps.platform.jobs.models import Job
from tests.registries import put, put_only

pytestmark = pytest.mark.django_db
MINE = "caller-0001.x"
MADE = re.compile(r"[0-9a-f]{32}")


def test_a_well_formed_id_is_taken_and_comes_back(client):
    for path in ("/", "/health/live", "/api/v1/requirements/", "/nowhere/", "/static/none.css"):
        assert client.get(path, headers={"X-Request-ID": MINE})["X-Request-ID"] == MINE


@pytest.mark.parametrize("given", [None, "short", "two words here", "x" * 65, "a\u00e4aaaaaaa", ""])
def test_any_other_is_replaced_by_one_that_is_made(client, given):
    headers = {} if given is None else {"X-Request-ID": given}
    one, two = (client.get("/health/live", headers=headers)["X-Request-ID"] for _ in range(2))
    assert MADE.fullmatch(one)
    assert one != two


def test_a_request_has_one_line_with_its_id_and_nothing_of_what_was_asked(client, written):
    client.get("/help/?q=a-private-word", headers={"X-Request-ID": MINE})
    (line,) = [x for x in written.of(MINE) if x["logger"] == "rmrcpm.requests"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/help/", 200)
    assert line["route"] == "/help/"
    assert f"[{MINE}] GET /help/ 200" in written.plain.getvalue()
    assert "private" not in written.text


def test_a_line_names_who_asked(as_user, written, person):
    as_user("iso.analyst").get("/jobs/", headers={"X-Request-ID": MINE})
    (line,) = [x for x in written.of(MINE) if x["logger"] == "rmrcpm.requests"]
    assert line["user"] == person("iso.analyst").pk


def test_a_forged_line_stays_within_its_own(client, written):
    client.get("/nowhere/%0a2026-01-01 ERROR forged/", headers={"X-Request-ID": MINE})
    assert not [x for x in written.plain.getvalue().splitlines() if x.startswith("2026-01-01 ERR")]


@pytest.mark.parametrize(
    ("name", "path", "said"),
    [
        ("sc.bay", "/reads/", "Your roles do not include this list."),
        ("sc.bay", "/system-health/", "Your roles do not include this page."),
        ("sc.bay", "/api/v1/reads/", ""),
        ("sc.bay", "/statements/999999/", ""),
    ],
)
def test_a_refusal_writes_one_line_and_no_trace(as_user, written, name, path, said):
    client = as_user(name)
    answer = client.get(path, headers={"X-Request-ID": MINE})
    assert answer.status_code in (403, 404)
    loud = [x for x in written.of(MINE) if x["level"] in ("WARNING", "ERROR", "CRITICAL")]
    assert len(loud) == 1
    assert said in loud[0]["why"]
    assert "trace" not in loud[0]
    assert "Traceback" not in written.text


def test_a_forged_form_is_refused_in_one_line_that_says_why(written):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/theme/", headers={"X-Request-ID": MINE})
    assert answer.status_code == 403
    (line,) = [x for x in written.of(MINE) if x["level"] == "WARNING"]
    assert "CSRF" in line["why"]


def test_a_fault_of_ours_keeps_its_trace_and_the_page_names_the_request(written, monkeypatch):
    from django.test import Client

    def breaks(*_, **__):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("apps.site.home.views.viewer_of", breaks)
    client = Client(raise_request_exception=False)
    answer = client.get("/", headers={"X-Request-ID": MINE})
    assert answer.status_code == 500
    assert MINE in answer.content.decode()
    assert answer["X-Request-ID"] == MINE
    (line,) = [x for x in written.of(MINE) if "trace" in x]
    assert "ZeroDivisionError" in line["trace"]


def test_a_problem_of_the_api_names_the_request(client):
    told = client.get("/api/v1/jobs/", headers={"X-Request-ID": MINE}).json()
    assert told["request_id"] == MINE


def test_the_audit_log_holds_the_request_and_is_searched_by_it(as_user):
    client = as_user("iso.admin")
    given = {
        "username": "new.person",
        "first_name": "Nia",
        "email": "n@example.org",
        "party": Party.objects.get(code="SYN_LSE_BAY").pk,
        "roles": ["SC_USER"],
    }
    client.post("/users/invite/", given, headers={"X-Request-ID": MINE})
    kept = list(AuditEvent.objects.filter(request_id=MINE))
    assert kept
    for ask in (f"request_id={MINE}", f"q={MINE}"):
        page = client.get(f"/events/?{ask}").content.decode()
        assert kept[0].action in page
        found = client.get(f"/api/v1/events/?{ask}").json()
        assert found["count"] == len(kept)
        assert {r["request_id"] for r in found["results"]} == {MINE}
    assert client.get("/api/v1/events/?request_id=another-one").json()["count"] == 0


def test_a_job_carries_the_request_on_into_what_it_does(as_user, person, monkeypatch, written, now):
    from apps.platform.audit.services import log_event

    def work(steps):
        log_event(action="test.done", sentence="done", actor=person("iso.admin"), at=now)
        raise ValueError("the work broke")

    put(monkeypatch, JOB_KINDS, JobKind("tried", "Tried", work, ""))
    put_only(monkeypatch, JOB_WORKER, lambda job_id: None)
    from apps.platform.core.request_ids import under_request

    with under_request(MINE):
        job = jobs.queue(kind="tried", title="Tried", actor=person("iso.admin"), at=now)
    assert job.request_id == MINE
    jobs.carry_out(job_id=job.pk, at=now)  # another process, later
    assert AuditEvent.objects.get(action="test.done").request_id == MINE
    assert any("the work broke" in x.get("trace", "") for x in written.of(MINE))
    found = as_user("iso.admin").get(f"/api/v1/jobs/?request_id={MINE}").json()
    assert [r["id"] for r in found["results"]] == [job.pk]
    assert Job.objects.filter(request_id=MINE).count() == 1


def test_what_streams_after_the_answer_began_is_under_the_id_too(as_user, settle):
    from apps.platform.core.request_ids import current_request_id

    settle()
    answer = as_user("iso.analyst").get("/statements.csv", headers={"X-Request-ID": MINE})
    assert b"".join(answer)
    assert current_request_id() == ""
