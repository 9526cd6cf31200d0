"""What a token's scopes allow: every decision of every desk asks for ``approve``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, resolve

from apps.platform.sign_in import services
from apps.platform.sign_in.adapters import within_scope
from apps.platform.sign_in.codes import TokenScope
from apps.platform.sign_in.models import ApiToken
from apps.platform.ui.workflow import WORKFLOWS
from rmrcpm.urls import api

pytestmark = pytest.mark.django_db
NAMED = {
    ("cost-recovery-requests", "review"),
    ("cost-recovery-requests", "recommend"),
    ("cost-recovery-requests", "refuse"),
    ("cpm-designations", "offer"),
    ("credit-entries", "release"),
    ("disputes", "accept"),
    ("disputes", "deny"),
    ("exemptions", "deny"),
    ("legacy-invoices", "validate"),
    ("legacy-invoices", "pay"),
    ("payment-dates", "close"),
    ("receipts", "reverse"),
    ("reference-level-requests", "approve_part"),
    ("reference-level-requests", "refuse"),
    ("substitutions", "deny"),
}
OTHERS = {
    "uploads/1/confirm/",
    "runs/1/publish/",
    "parameter-proposals/1/approve/",
    "parameter-proposals/1/reject/",
    "certificates/issue/",
}
DECIDE = {
    ("certificates/issue/", frozenset({"issue"})),
    ("runs/<int:run_id>/publish/", frozenset({"publish"})),
    (
        r"^uploads/(?P<upload_id>\d+)/(?P<action>confirm|withdraw|reread)/$",
        frozenset({"confirm"}),
    ),
    (
        r"^parameter-proposals/(?P<proposal_id>\d+)/(?P<action>approve|reject|withdraw)/$",
        frozenset({"approve", "reject"}),
    ),
}
DECIDE_NOTHING = {
    "api-tokens/<int:token_id>/revoke/",
    "api-tokens/make/",
    "certificates/<int:certificate_id>/revoke/",
    "credit-transfers/",
    "documents/<slug:desk>/<int:case_id>/",
    "market-view/",
    "master-file-retrieve/",
    "parameter-proposals/new/",
    "runs/request/",
    "statements/<int:statement_id>/shadow/",
    "trade-dates/<str:day>/prepare/",
    "uploads/send/",
    "users/<int:user_id>/",
    "users/invite/",
    r"^calculators/(?P<name>[\w-]+)/?$",
    r"^jobs/(?P<job_id>\d+)/(?P<action>cancel|retry)/$",
}
WORDS_THAT_DECIDE = ("confirm", "publish", "approve", "reject", "release", "pay", "deny", "issue")


def decisions():
    """Every pair of desk and action whose move asks for another person."""
    return {
        (desk.name, move.action)
        for desk in WORKFLOWS
        for move in desk.model.STATES.moves
        if move.action in desk.steps and (move.second_person or move.not_by)
    }


def bearer(user, scopes, days=1):
    _, secret = services.token_make(
        user=user, name="t", scopes=scopes, days=days, actor=user, at=datetime.now(UTC)
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def post(path, header):
    return Client().post(f"/api/v1/{path}", {}, content_type="application/json", **header)


def test_no_decision_of_any_desk_is_made_with_the_scope_write(person):
    assert decisions() >= NAMED
    write = bearer(person("iso.admin"), ["read", "write"])
    approve = bearer(person("iso.admin"), ["approve"])
    for path in sorted({f"{d}/999999/{a}/" for d, a in decisions()} | OTHERS):
        refused = post(path, write)
        assert refused.status_code == 403, path
        assert "scope" in refused.json()["detail"], path
        let_in = post(path, approve)
        assert "scope for this" not in let_in.json()["detail"], path


def walk(patterns, before=""):
    """Yield the address and the view of every operation of the API."""
    for p in patterns:
        here = before + str(p.pattern)
        if isinstance(p, URLResolver):
            yield from walk(p.url_patterns, here)
        elif isinstance(p, URLPattern):
            yield here, getattr(p.callback, "cls", None)


def scopes_of(path, method="POST"):
    """Return the scopes with each of which alone an operation lets a token in."""
    asked = SimpleNamespace(method=method, path=f"/api/v1/{path}")
    view = resolve(asked.path).func.cls
    return {s.value for s in TokenScope if within_scope(frozenset({s.value}), asked, view)}


def of_a_move(desk, action):
    """Return the scope a move should need, from the moves of its states alone."""
    moves = [m for m in desk.model.STATES.moves if m.action == action]
    second = any(m.second_person or m.not_by for m in moves)
    approvers_alone = any(m.roles and m.roles <= {"ISO_ADMIN", "ISO_APPROVER"} for m in moves)
    return "approve" if second or approvers_alone else "write"


@pytest.mark.parametrize("name", [desk.name for desk in WORKFLOWS])
def test_every_move_of_every_desk_needs_the_scope_that_follows_from_it(name):
    desk = WORKFLOWS[name]
    for action in desk.steps:
        assert scopes_of(f"{name}/7/{action}/") == {of_a_move(desk, action)}, action
    assert scopes_of(f"{name}/7/", "GET") == {"read"}
    if desk.opening is not None:
        assert scopes_of(f"{name}/new/") == {"write"}


def test_operations_outside_of_desks_need_the_scope_written_down_here():
    """A new one is written into one of these lists: does it ask for a second person?"""
    of_desks = {f"{d.name}/<int:case_id>/{a}/" for d in WORKFLOWS for a in d.steps}
    of_desks |= {f"{d.name}/new/" for d in WORKFLOWS}
    found = {
        (here, frozenset(getattr(view, "decides", ())))
        for here, view in walk(api)
        if view is not None
        and (hasattr(view, "post") or hasattr(view, "patch"))
        and here not in of_desks
    }
    assert {(here, decides) for here, decides in found if decides} == DECIDE
    assert {here for here, decides in found if not decides} == DECIDE_NOTHING
    for path in ("uploads/1/withdraw/", "uploads/1/reread/", "parameter-proposals/1/withdraw/"):
        assert scopes_of(path) == {"write"}
    for path in OTHERS:
        assert scopes_of(path) == {"approve"}


def test_an_operation_whose_address_speaks_of_a_decision_declares_it():
    """A new operation that is called as decisions are has to say whether it is one."""
    silent = [
        here
        for here, view in walk(api)
        if view is not None
        and hasattr(view, "post")
        and any(w in here.strip("/$").rpartition("/")[2] for w in WORDS_THAT_DECIDE)
        and not getattr(view, "decides", None)
    ]
    # who enters the price that FERC approved decides nothing; a payload is made, not published
    assert silent == ["cpm-offers/<int:case_id>/approve_price/"]


def test_a_token_makes_no_wider_or_longer_one(person):
    bay = person("sc.bay")
    before = ApiToken.objects.count()
    narrow = bearer(bay, ["write", "approve"], days=2)
    for scopes, days in ((["read", "write"], 1), (["write"], 3), (["approve"], 365)):
        answer = Client().post(
            "/api/v1/api-tokens/make/",
            {"name": "n", "scopes": scopes, "days": days},
            content_type="application/json",
            **narrow,
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "TOKEN-REFUSED")
    assert ApiToken.objects.count() == before + 1
    made = Client().post(
        "/api/v1/api-tokens/make/",
        {"name": "n", "scopes": ["write"], "days": 1},
        content_type="application/json",
        **narrow,
    )
    assert (made.status_code, made.json()["scopes"]) == (201, ["write"])
    kept = ApiToken.objects.get(pk=made.json()["id"])
    assert kept.expires_at <= datetime.now(UTC) + timedelta(days=1)


def test_a_token_issues_no_certificate_which_would_do_more_than_itself(person):
    header = bearer(person("iso.admin"), ["read", "write", "approve"])
    answer = Client().post(
        "/api/v1/certificates/issue/",
        {"acts_as": "iso.approver", "request_pem": "x"},
        content_type="application/json",
        **header,
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "CERT-REFUSED")
