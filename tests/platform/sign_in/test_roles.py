"""Roles that decide are given by two people: by page, API, command and in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.platform.accounts.codes import APPROVERS, DECIDING, SC_ROLES
from apps.platform.accounts.models import Membership, Party, User
from apps.platform.accounts.services import RoleRefused, user_ensure
from apps.platform.audit.models import AuditEvent
from apps.platform.audit.services import MoveRefused, not_independent
from apps.platform.notifications.models import Notification
from apps.platform.parameters import services as parameters
from apps.platform.sign_in import services
from apps.platform.sign_in.models import RoleRequest
from apps.platform.ui.workflow import WORKFLOWS
from apps.platform.uploads.hooks import UPLOAD_KINDS

pytestmark = pytest.mark.django_db
JSON = "application/json"
CASES = "/api/v1/role-requests"


def form(name, *roles):
    return {
        "username": name,
        "first_name": "Me",
        "email": f"{name}@example.com",
        "party": Party.objects.get(code="ISO").pk,
        "roles": roles,
    }


def held(name):
    return sorted(Membership.objects.filter(user__username=name).values_list("role", flat=True))


def invited(as_user, name="new.one", *roles):
    as_user("iso.admin").post("/users/invite/", form(name, *(roles or ["ISO_APPROVER"])))
    return RoleRequest.objects.get(user__username=name)


def decided(client, case, action="approve", **words):
    return client.post(f"{CASES}/{case.pk}/{action}/", words, content_type=JSON)


def test_every_role_that_decides_somewhere_as_a_second_person_is_given_by_two():
    """From the moves of all desks and the kinds of all files; a new one has to be among them."""
    of_moves = {
        role
        for desk in WORKFLOWS
        for move in desk.model.STATES.moves
        if move.second_person or move.not_by
        for role in move.roles
    }
    of_files = {
        role
        for kind in UPLOAD_KINDS
        if kind.second_person or kind.second_person_for
        for role in kind.confirm_roles
    }
    assert of_moves | of_files | APPROVERS == DECIDING
    assert not DECIDING & SC_ROLES  # an SC's administrator gives none


def test_who_is_invited_to_approve_holds_nothing_until_a_second_person_says_so(as_user):
    page = as_user("iso.admin").post(
        "/users/invite/", form("new.one", "ISO_APPROVER", "ISO_LEGAL"), follow=True
    )
    said = page.content.decode()
    assert "Approver waits for a second person" in said
    case = RoleRequest.objects.get(user__username="new.one")
    assert (case.state, case.roles, held("new.one")) == ("ASKED", ["ISO_APPROVER"], ["ISO_LEGAL"])
    own = decided(as_user("iso.admin"), case)
    assert (own.status_code, "You opened this role request" in own.json()["detail"]) == (409, True)
    assert held("new.one") == ["ISO_LEGAL"]
    assert decided(as_user("iso.operator"), case).status_code == 403
    done = decided(as_user("iso.approver"), case)
    assert (done.status_code, done.json()["state"]) == (200, "APPROVED")
    assert held("new.one") == ["ISO_APPROVER", "ISO_LEGAL"]
    given = Membership.objects.get(user__username="new.one", role="ISO_APPROVER")
    assert (given.proposed_by.username, given.approved_by.username) == ("iso.admin", "iso.approver")
    titles = set(Notification.objects.filter(user__username="new.one").values_list("title"))
    assert ("Your new roles: Approver",) in titles


def test_the_page_decides_too_and_a_refusal_says_why(as_user):
    case = invited(as_user)
    page = as_user("iso.approver").get(f"/role-requests/{case.pk}/").content.decode()
    assert "Give the roles" in page
    assert decided(as_user("iso.approver"), case, "reject").status_code == 400  # without a word
    done = decided(as_user("iso.approver"), case, "reject", note="nobody knows them")
    assert (done.status_code, held("new.one")) == (200, [])
    person = as_user("iso.admin").get(f"/users/{case.user_id}/").content.decode()
    assert "waits for a second person" not in person


def test_roles_of_somebody_known_are_asked_for_by_page_and_api_alike(as_user, person):
    legal = person("iso.legal")
    admin = as_user("iso.admin")
    page = admin.post(
        f"/users/{legal.pk}/", {"roles": ["ISO_LEGAL", "ISO_ADMIN", "ISO_MONITORING"]}, follow=True
    )
    assert "ISO administrator waits for a second person" in page.content.decode()
    assert held("iso.legal") == ["ISO_LEGAL", "ISO_MONITORING"]
    other = admin.patch(
        f"/api/v1/users/{legal.pk}/",
        {"roles": ["ISO_LEGAL", "ISO_SETTLEMENTS"]},
        content_type=JSON,
    )
    assert other.status_code == 409
    assert "waits to be decided" in other.json()["detail"]
    assert held("iso.legal") == ["ISO_LEGAL", "ISO_MONITORING"]
    same = admin.patch(
        f"/api/v1/users/{legal.pk}/", {"roles": ["ISO_LEGAL", "ISO_ADMIN"]}, content_type=JSON
    )
    assert (same.status_code, same.json()["roles"]) == (200, ["ISO_LEGAL"])
    assert same.json()["roles_waiting"] == ["ISO_ADMIN"]
    assert RoleRequest.objects.count() == 1
    assert decided(admin, RoleRequest.objects.get(), "withdraw").status_code == 200


def test_where_nobody_else_may_approve_it_is_said_what_to_do(as_user):
    User.objects.filter(username="iso.approver").update(is_active=False)
    page = as_user("iso.admin").post("/users/invite/", form("new.one", "ISO_APPROVER"), follow=True)
    assert "nobody else may approve. Who runs the machine gives the role" in page.content.decode()
    call_command("person", "new.one", "--party", "ISO", "--role", "ISO_APPROVER")
    assert held("new.one") == ["ISO_APPROVER"]


def test_nobody_decides_about_roles_of_their_own(as_user, person):
    approver = person("iso.approver")
    as_user("iso.admin").post(
        f"/users/{approver.pk}/", {"roles": ["ISO_APPROVER", "ISO_SETTLEMENTS"]}
    )
    case = RoleRequest.objects.get()
    for action, words in (("approve", {}), ("reject", {"note": "no"})):
        answer = decided(as_user("iso.approver"), case, action, **words)
        assert (answer.status_code, "your own roles" in answer.json()["detail"]) == (409, True)


def test_nor_does_an_account_that_the_first_one_could_act_as(as_user, person):
    """The approver's link was sent by the administrator, who could read that mail."""
    services.renew_link(
        user=person("iso.approver"),
        actor=person("iso.admin"),
        at=datetime.now(UTC),
        root="http://x/",
    )
    case = invited(as_user)
    answer = decided(as_user("iso.approver"), case)
    assert (answer.status_code, held("new.one")) == (409, [])
    assert "count as two people" in answer.json()["detail"]


def test_the_command_gives_such_a_role_only_while_there_are_not_two_to_give_it(person):
    with pytest.raises(CommandError, match="two people give it"):
        call_command("person", "ada", "--party", "ISO", "--role", "ISO_ADMIN")
    with pytest.raises(CommandError, match="two people give it"):
        call_command("person", "iso.legal", "--party", "ISO", "--role", "ISO_APPROVER")
    assert not User.objects.filter(username="ada").exists()
    call_command("person", "leo", "--party", "ISO", "--role", "ISO_LEGAL")
    User.objects.filter(username="iso.approver").update(is_active=False)
    call_command("person", "ada", "--party", "ISO", "--role", "ISO_ADMIN")  # one was left
    assert Membership.objects.get(user__username="ada").set_up
    with pytest.raises(CommandError):
        call_command("person", "eve", "--party", "ISO", "--role", "ISO_APPROVER")


def test_a_case_is_decided_by_the_command_of_all_cases(as_user, capsys):
    case = invited(as_user)
    with pytest.raises(CommandError, match="You opened this role request"):
        call_command("case", "move", "role-requests", str(case.pk), "approve", "--as", "iso.admin")
    call_command("case", "move", "role-requests", str(case.pk), "approve", "--as", "iso.approver")
    assert held("new.one") == ["ISO_APPROVER"]


def test_no_service_gives_such_a_role_alone(person):
    with pytest.raises(RoleRefused, match="two people give it"):
        user_ensure(
            username="x",
            password=None,
            party=Party.objects.get(code="ISO"),
            roles=["ISO_SETTLEMENTS"],
        )


@pytest.mark.parametrize(
    "people",
    [
        {},
        {"proposed_by": "iso.admin"},
        {"approved_by": "iso.admin"},
        {"proposed_by": "iso.admin", "approved_by": "iso.admin"},
        {"proposed_by": "iso.legal", "approved_by": "iso.admin"},
        {"proposed_by": "iso.admin", "approved_by": "iso.legal"},
    ],
)
@pytest.mark.parametrize("role", sorted(DECIDING))
def test_nor_does_the_database(person, people, role):
    named = {field: person(name) for field, name in people.items()}
    for change in (
        lambda: Membership.objects.create(user=person("iso.legal"), role=role, **named),
        lambda: Membership.objects.filter(user=person("iso.legal")).update(role=role, **named),
    ):
        with (
            pytest.raises(IntegrityError, match="two_others_give_a_role_that_decides"),
            transaction.atomic(),
        ):
            change()


def test_the_database_knows_no_request_decided_by_one(as_user, person):
    case = invited(as_user)
    for who in ("iso.admin", "new.one"):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleRequest.objects.filter(pk=case.pk).update(
                state="APPROVED", decided_by=User.objects.get(username=who)
            )


def test_who_comes_back_is_given_such_roles_anew(as_user, person):
    approver = person("iso.approver")
    admin = as_user("iso.admin")
    admin.post(f"/users/{approver.pk}/deactivate/", {"reason": "left"})
    admin.post(f"/users/{approver.pk}/activate/")
    assert held("iso.approver") == []
    case = RoleRequest.objects.get(user=approver)
    assert case.roles == ["ISO_APPROVER"]
    admin.post(f"/users/{approver.pk}/activate/")  # twice is harmless
    assert RoleRequest.objects.count() == 1
    bay = person("sc.bay")
    admin.post(f"/users/{bay.pk}/deactivate/", {"reason": "left"})
    admin.post(f"/users/{bay.pk}/activate/")
    assert held("sc.bay") == ["SC_USER"]


def test_a_request_for_somebody_who_was_deactivated_is_not_granted(as_user, person):
    case = invited(as_user)
    as_user("iso.admin").post(f"/users/{case.user_id}/deactivate/", {"reason": "left"})
    answer = decided(as_user("iso.approver"), case)
    assert (answer.status_code, "is not active" in answer.json()["detail"]) == (409, True)
    assert held("new.one") == []


def test_who_approves_vouches_and_who_asks_is_tied(as_user, person):
    case = invited(as_user)
    decided(as_user("iso.approver"), case)
    at, new = datetime.now(UTC), case.user_id
    assert not_independent(one_id=new, other_id=person("iso.admin").pk, at=at)
    assert not not_independent(one_id=new, other_id=person("iso.approver").pk, at=at)
    assert AuditEvent.objects.filter(action="sign_in.person.roles_given").count() == 1


def test_an_scs_administrator_and_whom_it_invited_are_tied_within_the_party(as_user, person):
    as_user("sc.bay.admin").post(
        "/users/invite/",
        form("bay.two", "SC_USER") | {"party": Party.objects.get(code="SYN_LSE_BAY").pk},
    )
    assert held("bay.two") == ["SC_USER"]
    one, other, third = (
        User.objects.get(username=n).pk for n in ("bay.two", "sc.bay.admin", "sc.bay")
    )
    at = datetime.now(UTC)
    assert not_independent(one_id=one, other_id=other, at=at)
    assert not_independent(one_id=other, other_id=one, at=at + timedelta(days=29))
    assert not not_independent(one_id=one, other_id=third, at=at)


def test_how_long_accounts_are_tied_is_a_dated_parameter(as_user, person):
    case = invited(as_user)
    tied = AuditEvent.objects.get(action="sign_in.person.invited").at
    pair = {"one_id": case.user_id, "other_id": person("iso.admin").pk}
    assert not_independent(**pair, at=tied + timedelta(days=29))
    assert not not_independent(**pair, at=tied + timedelta(days=31))
    proposal = parameters.propose(
        name="people.independent_after_days",
        text="90",
        first_date=tied.date(),
        last_date=None,
        reference="test",
        reason="test",
        actor=person("iso.admin"),
        at=tied,
    )
    parameters.approve(
        proposal_id=proposal.pk, actor=person("iso.approver"), at=tied + timedelta(days=1)
    )
    assert not_independent(**pair, at=tied + timedelta(days=31))
    assert not not_independent(**pair, at=tied + timedelta(days=91))


def test_without_a_value_nobody_counts_as_a_second_person(as_user, monkeypatch, person):
    from apps.platform.core.effective import ParameterMissing

    def missing(*_):
        raise ParameterMissing("Parameter people.independent_after_days has no value.")

    monkeypatch.setattr("apps.platform.audit.selectors.DATED_VALUE", [missing])
    case = invited(as_user)
    with pytest.raises(MoveRefused, match="has no value"):
        services.role_grant(case_id=case.pk, actor=person("iso.approver"), at=datetime.now(UTC))
