"""One administrator alone cannot be two people: links, invitations, roles, certificates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from apps.platform.accounts.models import Membership, Party, User
from apps.platform.accounts.services import user_ensure
from apps.platform.audit.models import AuditEvent
from apps.platform.audit.services import MoveRefused, not_independent
from apps.platform.notifications.models import Notification
from apps.platform.parameters import services as parameters
from apps.platform.parameters.models import ParameterProposal
from apps.platform.sign_in import services
from apps.platform.sign_in.models import PartyCertificate, RoleRequest
from apps.platform.uploads.models import Upload
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db
PASSWORD = "the-second-me-7"
REFUSED = "you do not count as two people"
JSON = "application/json"


@pytest.fixture
def puppet(as_user, django_capture_on_commit_callbacks):
    """Somebody whom iso.admin invited, signed in with a password that iso.admin chose."""
    admin = as_user("iso.admin")
    with django_capture_on_commit_callbacks(execute=True):
        made = admin.post(
            "/users/invite/",
            {
                "username": "second.me",
                "first_name": "Me",
                "email": "me@example.com",
                "party": Party.objects.get(code="ISO").pk,
                "roles": ["ISO_APPROVER"],
            },
            follow=True,
        )
    assert "/accounts/join/" not in made.content.decode()
    given("second.me")
    return signed_in_by_mail("second.me")


def given(name, by="iso.approver"):
    """Have a second person give the roles that were asked for."""
    return services.role_grant(
        case_id=RoleRequest.objects.get(user__username=name, state="ASKED").pk,
        actor=User.objects.get(username=by),
        at=datetime.now(UTC),
    )


def signed_in_by_mail(name):
    links = [re.search(r"http://testserver(/accounts/join/\S+)", m.body) for m in mail.outbox]
    link = [found for found in links if found][-1][1]
    client = Client()
    action = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(action, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302
    return client


def proposal_of(client):
    answer = client.post(
        "/api/v1/parameter-proposals/new/",
        {
            "name": "rmr.pmax_tolerance_mw",
            "text": "0.02",
            "first_date": "2030-01-01",
            "reference": "test",
            "reason": "test",
        },
        content_type=JSON,
    )
    assert answer.status_code == 201, answer.content
    return ParameterProposal.objects.latest("pk")


def approve(client, proposal):
    return client.post(f"/api/v1/parameter-proposals/{proposal.pk}/approve/", {}, content_type=JSON)


def state(case):
    return type(case).objects.get(pk=case.pk).state


def test_whom_an_administrator_invited_approves_nothing_of_the_administrator(as_user, puppet):
    proposal = proposal_of(as_user("iso.admin"))
    answer = approve(puppet, proposal)
    assert answer.status_code == 409
    assert REFUSED in answer.content.decode()
    page = puppet.post(f"/parameters/proposals/{proposal.pk}/approve/", follow=True)
    assert REFUSED in page.content.decode()
    assert state(proposal) == "PROPOSED"
    assert approve(as_user("iso.approver"), proposal).status_code == 200  # a true second person


def test_nor_does_the_administrator_what_the_invited_person_opened(as_user, puppet, person):
    services.set_roles(
        user=User.objects.get(username="second.me"),
        roles=["ISO_APPROVER", "ISO_SETTLEMENTS"],
        actor=person("iso.admin"),
        at=datetime.now(UTC),
    )
    given("second.me")
    proposal = proposal_of(puppet)
    answer = approve(as_user("iso.admin"), proposal)
    assert (answer.status_code, state(proposal)) == (409, "PROPOSED")
    assert REFUSED in answer.content.decode()


def test_nor_over_somebody_in_between(as_user, person):
    now, iso = datetime.now(UTC), Party.objects.get(code="ISO")
    one, _ = services.invite(
        username="one",
        first_name="One",
        email="",
        party=iso,
        roles=["ISO_ADMIN"],
        actor=person("iso.admin"),
        at=now,
        root="http://x/",
    )
    given("one")
    two, _ = services.invite(
        username="two",
        first_name="Two",
        email="",
        party=iso,
        roles=["ISO_APPROVER"],
        actor=one,
        at=now,
        root="http://x/",
    )
    given("two")
    client = Client()
    client.force_login(two, backend="allauth.account.auth_backends.AuthenticationBackend")
    proposal = proposal_of(as_user("iso.admin"))
    assert approve(client, proposal).status_code == 409
    assert state(proposal) == "PROPOSED"


def test_after_thirty_days_they_count_as_two(as_user, puppet, person):
    proposal = proposal_of(as_user("iso.admin"))
    tie = AuditEvent.objects.filter(action="sign_in.person.invited").latest("pk")
    second = person("second.me")
    for days, became in ((29, "PROPOSED"), (31, "APPROVED")):
        try:
            parameters.approve(
                proposal_id=proposal.pk, actor=second, at=tie.at + timedelta(days=days)
            )
        except MoveRefused as trouble:
            assert REFUSED in str(trouble)
        assert state(proposal) == became
    assert ParameterProposal.objects.get(pk=proposal.pk).decided_by == second


def test_a_renewed_link_ends_sessions_is_told_to_the_others_and_makes_no_second_person(
    as_user, person, django_capture_on_commit_callbacks
):
    there = Client()
    there.post("/accounts/login/", {"login": "iso.approver", "password": "demo"})
    assert there.get("/runs/").status_code == 200
    admin = as_user("iso.admin")
    proposal = proposal_of(admin)
    with django_capture_on_commit_callbacks(execute=True):
        page = admin.post(f"/users/{person('iso.approver').pk}/link/", follow=True)
    assert "/accounts/join/" not in page.content.decode()
    assert there.get("/runs/").status_code == 302
    taken = signed_in_by_mail("iso.approver")
    assert approve(taken, proposal).status_code == 409
    assert state(proposal) == "PROPOSED"
    title = "A password link was made for you"
    assert Notification.objects.filter(user=person("iso.approver"), title=title).count() == 1


def test_the_others_who_may_approve_are_told_of_a_new_approver(puppet, person):
    title = "second.me is to be Approver: a second person decides"
    told = set(Notification.objects.filter(title=title).values_list("user__username", flat=True))
    assert "iso.approver" in told
    assert not {"iso.admin", "second.me"} & told
    title = "second.me may approve from now on"
    told = set(Notification.objects.filter(title=title).values_list("user__username", flat=True))
    assert "iso.admin" in told
    assert not {"iso.approver", "second.me"} & told


def test_a_file_is_confirmed_only_by_a_true_second_person(send, puppet, person, as_user):
    text = (ROOT / "fixtures/demo/metered_demand_2024-09-04.csv").read_text()
    upload = send("metered-demand", text, sender="iso.admin")
    assert (upload.state, upload.second_person) == ("READY", True)
    answer = puppet.post(
        f"/api/v1/uploads/{upload.pk}/confirm/", {"reason": "test"}, content_type=JSON
    )
    assert answer.status_code in (400, 409)
    assert REFUSED in answer.content.decode()
    page = puppet.post(f"/uploads/{upload.pk}/confirm/", {"reason": "test"}, follow=True)
    assert REFUSED in page.content.decode()
    assert state(upload) == "READY"
    true = as_user("iso.approver").post(
        f"/api/v1/uploads/{upload.pk}/confirm/", {"reason": "test"}, content_type=JSON
    )
    assert true.status_code == 200
    assert Upload.objects.get(pk=upload.pk).state == "CONFIRMED"


def test_the_command_refuses_as_well(puppet, as_user):
    proposal = proposal_of(as_user("iso.admin"))
    with pytest.raises(CommandError, match=REFUSED):
        call_command("parameter", "approve", str(proposal.pk), "--as", "second.me")
    assert state(proposal) == "PROPOSED"


def test_no_certificate_acts_as_somebody_who_may_approve(person, settings, tmp_path):
    from tests.platform.sign_in.test_machines import request_of

    settings.HOME = tmp_path

    with pytest.raises(services.CertificateRefused, match=r"iso\.approver may approve"):
        services.issue_certificate(
            request_pem=request_of()[0],
            user=person("iso.approver"),
            actor=person("iso.admin"),
            at=datetime.now(UTC),
        )
    assert PartyCertificate.objects.count() == 0


def test_without_an_address_no_link_is_made_where_mail_is_sent(person, settings):
    settings.EMAIL_HOST = "mail.example.com"
    before = User.objects.count()
    with pytest.raises(services.PersonRefused, match="goes by mail only"):
        services.invite(
            username="no.mail",
            first_name="N",
            email="",
            party=Party.objects.get(code="ISO"),
            roles=["ISO_LEGAL"],
            actor=person("iso.admin"),
            at=datetime.now(UTC),
            root="http://x/",
        )
    assert User.objects.count() == before


@pytest.fixture
def second_admin(person):
    """An administrator who was one before all this: from the time the site was set up."""
    return user_ensure(
        username="other.admin",
        password=None,
        party=person("iso.admin").party,
        roles=["ISO_ADMIN"],
        set_up=True,
    )


def may_decide(*names):
    one, other = (User.objects.get(username=n).pk for n in names)
    return not not_independent(one_id=one, other_id=other, at=datetime.now(UTC))


def roles(name, actor, *wanted):
    services.set_roles(
        user=User.objects.get(username=name), roles=wanted, actor=actor, at=datetime.now(UTC)
    )


def invited(name, actor, *wanted):
    services.invite(
        username=name,
        first_name="Me",
        email=f"{name}@example.com",
        root="http://x/",
        party=Party.objects.get(code="ISO"),
        roles=wanted,
        actor=actor,
        at=datetime.now(UTC),
    )


def test_two_people_whom_one_person_set_up_alone_are_not_two(puppet, person, second_admin, as_user):
    admin = person("iso.admin")
    invited("third.me", admin, "ISO_LEGAL")
    Membership.objects.create(user=person("third.me"), role="ISO_ADMIN", set_up=True)
    third = Client()
    third.force_login(
        person("third.me"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    proposal = proposal_of(third)
    refused = approve(puppet, proposal)
    assert (refused.status_code, state(proposal)) == (409, "PROPOSED")
    assert "One person alone set up both of you" in refused.content.decode()
    assert may_decide("second.me", "iso.operator")
    # somebody whom the first one set up as well vouches for nobody
    roles("second.me", person("third.me"), "ISO_APPROVER", "ISO_LEGAL")
    assert not may_decide("second.me", "third.me")
    page = as_user("other.admin").post(
        f"/users/{person('second.me').pk}/",
        {"roles": ["ISO_APPROVER", "ISO_LEGAL", "ISO_MONITORING"]},
        follow=True,
    )
    assert "Roles saved." in page.content.decode()
    assert not may_decide("second.me", "third.me")  # third.me itself gave second.me a role
    assert may_decide("second.me", "iso.operator")


def test_only_who_vouches_after_the_last_tying_act_counts(person, second_admin):
    admin = person("iso.admin")
    invited("one", admin, "ISO_LEGAL")
    invited("two", admin, "ISO_LEGAL")
    roles("one", second_admin, "ISO_LEGAL", "ISO_MONITORING")
    assert may_decide("one", "two")
    services.renew_link(
        user=person("one"), actor=admin, at=datetime.now(UTC), root="http://x/"
    )  # taken over after the vouching
    assert not may_decide("one", "two")
    services.renew_link(
        user=person("one"), actor=second_admin, at=datetime.now(UTC), root="http://x/"
    )  # a link is no word for anybody
    assert not may_decide("one", "two")
    roles("one", second_admin, "ISO_LEGAL")  # nor is a role taken away
    assert not may_decide("one", "two")
    roles("one", second_admin, "ISO_LEGAL", "ISO_CONTRACTS")  # only asked for
    assert not may_decide("one", "two")
    roles("one", second_admin, "ISO_LEGAL", "ISO_MONITORING")
    assert may_decide("one", "two")
    services.renew_link(
        user=person("two"), actor=admin, at=datetime.now(UTC), root="http://x/"
    )  # the other one taken over
    assert not may_decide("one", "two")
    assert not may_decide("one", "iso.admin")  # vouched for or not
