"""The users and parties desk: invite, roles, deactivate, SC administrators, history."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime

import fastexcel
import pytest
from django.core import mail
from django.test import Client

from apps.platform.accounts.models import Party, User
from apps.platform.accounts.services import user_ensure
from apps.platform.audit.models import AuditEvent
from apps.platform.sign_in import services
from apps.platform.sign_in.models import ApiToken

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 2, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def party(code):
    return Party.objects.get(code=code)


def other_admin(iso, name):
    return user_ensure(username=name, password=None, party=iso, roles=["ISO_ADMIN"], set_up=True)


def test_an_invited_person_chooses_a_password_once(as_user, django_capture_on_commit_callbacks):
    client = as_user("iso.admin")
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(
            "/users/invite/",
            {
                "username": "sc.new",
                "first_name": "Nia",
                "email": "nia@example.com",
                "party": party("SYN_LSE_BAY").pk,
                "roles": ["SC_USER"],
            },
        )
    assert done.status_code == 302
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    fresh = Client()
    action = fresh.get(link, follow=True).redirect_chain[-1][0]
    new = "her-own-password-1"
    fresh.post(action, {"new_password1": new, "new_password2": new})
    assert fresh.post("/accounts/login/", {"login": "sc.new", "password": new}).status_code == 302
    assert fresh.get("/api/v1/whoami/").json()["party"] == "SYN_LSE_BAY"
    assert "has been used" in Client().get(link).content.decode()


def test_an_sc_administrator_manages_its_own_people_only(as_user):
    client = as_user("sc.bay.admin")
    assert {r["username"] for r in client.get("/api/v1/users/").json()["results"]} == {
        "sc.bay",
        "sc.bay.admin",
    }
    other = User.objects.get(username="sc.sunset")
    assert client.get(f"/users/{other.pk}/").status_code == 404
    assert client.post(f"/users/{other.pk}/deactivate/", {"reason": "x"}).status_code == 404
    refused = client.post(
        "/users/invite/",
        {
            "username": "x.y",
            "first_name": "X",
            "party": party("SYN_GEN_SUNSET").pk,
            "roles": ["SC_USER"],
        },
    )
    assert refused.status_code == 200
    assert "party" in refused.context["form"].errors
    too_much = client.post(
        "/users/invite/",
        {
            "username": "x.y",
            "first_name": "X",
            "party": party("SYN_LSE_BAY").pk,
            "roles": ["ISO_ADMIN"],
        },
    )
    assert "roles" in too_much.context["form"].errors
    assert not User.objects.filter(username="x.y").exists()
    bay = User.objects.get(username="sc.bay")
    assert client.post(f"/users/{bay.pk}/", {"roles": ["SC_READER"]}).status_code == 302
    assert bay.viewer().roles == {"SC_READER"}
    sentence = AuditEvent.objects.get(action="sign_in.person.roles_set").sentence
    assert sentence == "sc.bay: roles were SC user, are SC read-only"


def test_nobody_changes_their_own_roles_and_the_last_administrator_stays(person):
    admin = person("iso.admin")
    with pytest.raises(services.PersonRefused, match="your own roles"):
        services.set_roles(user=admin, roles=[], actor=admin, at=NOW)
    other = other_admin(admin.party, "iso.two")
    services.set_roles(user=admin, roles=["ISO_LEGAL"], actor=other, at=NOW)
    third = User.objects.create(username="iso.three", party=admin.party)
    with pytest.raises(services.PersonRefused, match="own organisation"):
        services.deactivate(user=other, actor=third, at=NOW, reason="x")
    with pytest.raises(services.PersonRefused, match="cannot deactivate yourself"):
        services.deactivate(user=other, actor=other, at=NOW, reason="x")


def test_a_deactivated_person_is_out_at_once(as_user, person):
    bay = person("sc.bay")
    there = Client()
    there.post("/accounts/login/", {"login": "sc.bay", "password": "demo"})
    there.get("/statements/")
    _, secret = services.token_make(
        user=bay, name="nightly", scopes=["read"], days=5, actor=bay, at=datetime.now(UTC)
    )
    client = as_user("iso.admin")
    assert client.post(f"/users/{bay.pk}/deactivate/", {"reason": ""}).status_code == 302
    assert User.objects.get(pk=bay.pk).is_active
    client.post(f"/users/{bay.pk}/deactivate/", {"reason": "left the company"})
    assert there.get("/statements/").status_code == 302
    header = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/v1/whoami/", **header).status_code == 401
    client.post(f"/users/{bay.pk}/activate/")
    assert Client().get("/api/v1/whoami/", **header).status_code == 401
    words = {"login": "sc.bay", "password": "demo"}
    assert Client().post("/accounts/login/", words).status_code == 302
    page = client.get(f"/users/{bay.pk}/").content.decode()
    assert "left the company" in page


def test_a_password_link_is_on_record_and_its_person_is_told(
    as_user, person, django_capture_on_commit_callbacks
):
    from apps.platform.notifications.models import Notification

    bay = person("sc.bay")
    client = as_user("iso.admin")
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"/users/{bay.pk}/link/", follow=True).content.decode()
    assert "/accounts/join/" not in page  # it goes by mail only: whoever sees it is that person
    assert "A link to set a password went to sc.bay as a mail to sc.bay@localhost" in page
    assert mail.outbox[-1].to == ["sc.bay@localhost"]
    link = re.search(r"http://testserver(/accounts/join/\S+)", mail.outbox[-1].body)[1]
    assert Client().get(link, follow=True).status_code == 200
    sentence = AuditEvent.objects.get(action="sign_in.person.link_made").sentence
    assert sentence == "iso.admin made a password link for sc.bay"
    assert Notification.objects.filter(user=bay, title="A password link was made for you").exists()
    own = client.post(f"/users/{person('iso.admin').pk}/link/", follow=True).content.decode()
    assert "/accounts/join/" not in own


def test_the_history_of_a_person_is_kept_row_by_row(as_user, person):
    from apps.platform.accounts.models import MembershipEvent, UserEvent

    bay = person("sc.bay")
    client = as_user("iso.admin")
    client.post(f"/users/{bay.pk}/", {"roles": ["SC_USER", "SC_READER"]})
    client.post(f"/users/{bay.pk}/deactivate/", {"reason": "x"})
    assert MembershipEvent.objects.filter(user_id=bay.pk, role="SC_READER").count() == 1
    assert [e.is_active for e in UserEvent.objects.filter(pgh_obj=bay).order_by("pgh_id")][-1] is (
        False
    )


def test_an_organisation_is_made_renamed_and_closed(as_user, person):
    client = as_user("iso.admin")
    done = client.post("/parties/new/", {"code": "SC_NEW", "name": "New", "is_active": "on"})
    made = party("SC_NEW")
    assert done["Location"] == f"/parties/{made.pk}/"
    twice = client.post("/parties/new/", {"code": "SC_NEW", "name": "Again", "is_active": "on"})
    assert "taken" in twice.content.decode()
    bay = party("SYN_LSE_BAY")
    client.post(f"/parties/{bay.pk}/change/", {"name": "Bay, renamed"})
    assert not person("sc.bay").viewer().is_sc
    assert party("SYN_LSE_BAY").name == "Bay, renamed"
    iso = party("ISO")
    assert "cannot be deactivated" in (
        client.post(f"/parties/{iso.pk}/change/", {"name": "ISO"}).content.decode()
    )
    assert as_user("iso.monitor").get("/parties/new/").status_code == 403


def test_tokens_are_shown_once_and_held_to_their_scopes(as_user, person):
    client = as_user("iso.operator")
    page = client.post("/accounts/tokens/", {"name": "nightly", "scopes": ["read"], "days": "30"})
    secret = re.search(r"rmr_[\w-]{20,}", page.content.decode())[0]
    assert secret not in client.get("/accounts/tokens/").content.decode()
    token = ApiToken.objects.get(name="nightly")
    assert secret not in (token.digest, token.prefix)
    header = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    who = Client().get("/api/v1/whoami/", **header).json()
    assert (who["username"], who["scopes"]) == ("iso.operator", ["read"])
    sent = Client().post("/api/v1/uploads/send/", {"kind": "tac-load"}, **header)
    assert sent.status_code == 403
    assert "scope" in sent.json()["detail"]
    write = client.post("/accounts/tokens/", {"name": "w", "scopes": ["write"], "days": "1"})
    other = re.search(r"rmr_[\w-]{20,}", write.content.decode())[0]
    header = {"HTTP_AUTHORIZATION": f"Bearer {other}"}
    assert Client().get("/api/v1/whoami/", **header).status_code == 403
    assert Client().post("/api/v1/uploads/send/", {}, **header).status_code == 400
    assert Client().post("/api/v1/uploads/1/confirm/", {}, **header).status_code == 403


def test_an_expired_or_revoked_or_invented_token_opens_nothing(as_user, person):
    bay = person("sc.bay")
    _, old = services.token_make(
        user=bay,
        name="old",
        scopes=["read"],
        days=1,
        actor=bay,
        at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    token, gone = services.token_make(
        user=bay, name="gone", scopes=["read"], days=1, actor=bay, at=datetime.now(UTC)
    )
    assert as_user("sc.sunset").post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
    as_user("sc.bay").post(f"/accounts/tokens/{token.pk}/revoke/")
    for secret in (old, gone, "rmr_invented", "", "\x00"):
        answer = Client().get("/api/v1/whoami/", HTTP_AUTHORIZATION=f"Bearer {secret}")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "words", [{"scopes": []}, {"scopes": ["all"]}, {"days": 0}, {"days": 999}, {"name": " "}]
)
def test_a_token_without_scope_name_or_end_is_refused(person, words):
    bay = person("sc.bay")
    given = {"name": "n", "scopes": ["read"], "days": 5} | words
    with pytest.raises(services.TokenRefused):
        services.token_make(user=bay, actor=bay, at=NOW, **given)
    with pytest.raises(services.TokenRefused, match="only that person"):
        services.token_make(
            user=bay, name="n", scopes=["read"], days=1, actor=person("iso.admin"), at=NOW
        )


def test_people_by_api_and_command_line(as_user, capsys, person):
    from django.core.management import CommandError, call_command

    client = as_user("sc.bay.admin")
    body = {
        "username": "bay.three",
        "first_name": "T",
        "party": "SYN_LSE_BAY",
        "roles": ["SC_READER"],
    }
    made = client.post("/api/v1/users/invite/", body, content_type="application/json")
    assert made.status_code == 201, made.json()
    assert "/accounts/join/" not in made.content.decode()
    assert made.json()["delivered"] is True
    assert made.json()["sent"] == (
        "as a mail to bay.three@localhost that waits on the server, as this site sends none; ask "
        "an ISO administrator to hand it on"
    )
    number = made.json()["person"]["id"]
    changed = client.patch(
        f"/api/v1/users/{number}/",
        {"is_active": False, "reason": "test"},
        content_type="application/json",
    )
    assert changed.json()["is_active"] is False
    again = client.post("/api/v1/users/invite/", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "PERSON-REFUSED")
    other = {**body, "username": "x.y", "party": "SYN_GEN_SUNSET"}
    assert (
        client.post("/api/v1/users/invite/", other, content_type="application/json").status_code
        == 404
    )
    call_command("token", "make", "cron", "--as", "sc.bay", "--scope", "read")
    secret = capsys.readouterr().out.strip()
    assert Client().get("/api/v1/whoami/", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 200
    token = ApiToken.objects.get(name="cron")
    with pytest.raises(CommandError):
        call_command("token", "revoke", str(token.pk), "--as", "sc.sunset")
    call_command("token", "revoke", str(token.pk), "--as", "sc.bay")
    assert Client().get("/api/v1/whoami/", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 401


@pytest.mark.parametrize("sent", ["ISO_ANALYST", "x" * 5_000, "", 7])
def test_a_role_that_is_none_is_refused_with_those_that_are(as_user, sent):
    answer = as_user("iso.admin").post(
        "/api/v1/users/invite/",
        {"username": "new.one", "first_name": "N", "party": "ISO", "roles": ["ISO_LEGAL", sent]},
        content_type="application/json",
    )
    (found,) = answer.json()["violations"]
    assert (answer.status_code, found["column"]) == (400, "roles")
    assert f'"{str(sent)[:60]}" is none of those there are: ISO_ADMIN, ISO_OPERATOR, ' in str(found)
    assert len(found["message"]) < 400
    assert not User.objects.filter(username="new.one").exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_of_users_says_yes_and_no_as_the_page_does(as_user, form):
    User.objects.filter(username="sc.bay").update(is_active=False)
    client = as_user("iso.admin")
    answer = client.get(f"/users.{form}?cols=username&cols=is_active&q=sc.")
    content = b"".join(answer)
    if form == "csv":
        (heading, *rows) = csv.reader(content.decode().splitlines())
    else:
        frame = fastexcel.read_excel(content).load_sheet(0).to_polars()
        heading, rows = frame.columns, frame.rows()
    told = {row[0]: row[heading.index("Active")] for row in rows}
    assert told["sc.bay"] == "no"
    assert {v for name, v in told.items() if name != "sc.bay"} == {"yes"}
