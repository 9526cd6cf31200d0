"""A link that its mail did not take is told to who asked for it, and can be sent again."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.utils.html import escape

from apps.platform.accounts.models import Party, User
from apps.platform.audit.models import AuditEvent
from apps.platform.sign_in import services

pytestmark = pytest.mark.django_db
JSON = "application/json"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(params=["server", "folder"])
def broken(request, settings, tmp_path):
    """A site whose mails do not go: no server answers, or the folder cannot be written."""
    if request.param == "server":
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        return "ConnectionRefusedError"
    (tmp_path / "file").write_text("")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "file"
    return "ImproperlyConfigured"


def form(name):
    return {
        "username": name,
        "first_name": "Me",
        "email": "me@example.com",
        "party": Party.objects.get(code="ISO").pk,
        "roles": ["ISO_LEGAL"],
    }


def test_who_invites_learns_that_the_mail_failed_and_sends_it_again(
    as_user, broken, settings, person
):
    admin = as_user("iso.admin")
    page = admin.post("/users/invite/", form("new.one"), follow=True).content.decode()
    made = User.objects.get(username="new.one")
    said = (
        f"The link to choose a password could not be sent to me@example.com ({broken}), so "
        "new.one has none. Check the address and the mail server, then send another with "
        f'"New password link" on the page of new.one (/users/{made.pk}/).'
    )
    assert escape(said) in page
    assert "/accounts/join/" not in page
    assert "link to set a password went" not in page
    failed = AuditEvent.objects.get(action="sign_in.person.link_not_sent")
    assert (failed.subject_id, failed.actor) == (str(made.pk), person("iso.admin"))
    page = admin.post(f"/users/{made.pk}/link/", follow=True).content.decode()
    assert escape(said) in page
    assert AuditEvent.objects.filter(action="sign_in.person.link_not_sent").count() == 2
    settings.EMAIL_BACKEND = LOCMEM
    page = admin.post(f"/users/{made.pk}/link/", follow=True).content.decode()
    assert "A link to set a password went to new.one" in page
    assert "/accounts/join/" not in page
    assert [m.to for m in mail.outbox if "/accounts/join/" in m.body] == [["me@example.com"]]


def test_the_api_says_so_too(as_user, broken):
    body = form("new.one") | {"party": "ISO"}
    answer = as_user("iso.admin").post("/api/v1/users/invite/", body, content_type=JSON)
    assert (answer.status_code, answer.json()["delivered"]) == (201, False)
    number = answer.json()["person"]["id"]
    assert f"(/users/{number}/)" in answer.json()["sent"]
    assert "/accounts/join/" not in answer.content.decode()


def test_a_mail_of_a_request_with_a_key_goes_after_the_commit(as_user, monkeypatch):
    """given an invitation, with and without a key; then no transaction more is open for it"""
    open_then = []

    def send_mail(*_):
        open_then.append(len(connection.atomic_blocks))
        return 1

    monkeypatch.setattr("apps.platform.sign_in.services.mailing.send_mail", send_mail)
    for name, headers in (("new.one", {}), ("new.two", {"Idempotency-Key": "a-key"})):
        body = form(name) | {"party": "ISO"}
        for _ in range(2 if headers else 1):
            answer = as_user("iso.admin").post(
                "/api/v1/users/invite/", body, content_type=JSON, headers=headers
            )
            assert (answer.status_code, answer.json()["delivered"]) == (201, True)
    without, with_key = open_then
    assert with_key == without


def test_a_mail_that_nobody_takes_has_not_gone(as_user, monkeypatch):
    monkeypatch.setattr("apps.platform.sign_in.services.mailing.send_mail", lambda *_: 0)
    body = form("new.one") | {"party": "ISO"}
    answer = as_user("iso.admin").post("/api/v1/users/invite/", body, content_type=JSON)
    assert answer.json()["delivered"] is False


def test_nothing_is_mailed_of_what_was_refused(as_user, person):
    as_user("iso.admin").post("/users/invite/", form("sc.bay"))
    as_user("iso.admin").post(f"/users/{person('iso.admin').pk}/link/")
    assert mail.outbox == []


def test_no_path_of_the_server_is_told_and_iso_administrators_where_the_mail_lies(
    as_user, person, settings
):
    path, bay = str(settings.EMAIL_FILE_PATH), person("sc.bay")
    page = as_user("iso.admin").post(f"/users/{bay.pk}/link/", follow=True).content.decode()
    assert escape(path) not in page
    assert "into the folder mail of the site&#x27;s home (RMRCPM_HOME)" in page
    body = form("new.two") | {"party": "ISO"}
    told = (
        as_user("iso.admin").post("/api/v1/users/invite/", body, content_type=JSON).json()["sent"]
    )
    assert path not in told
    assert "RMRCPM_HOME" in told
    page = as_user("sc.bay.admin").post(f"/users/{bay.pk}/link/", follow=True).content.decode()
    assert escape(path) not in page
    assert "ask an ISO administrator to hand it on" in page
    body = {
        "username": "bay.four",
        "first_name": "F",
        "party": "SYN_LSE_BAY",
        "roles": ["SC_READER"],
        "email": "four@example.com",
    }
    answer = as_user("sc.bay.admin").post("/api/v1/users/invite/", body, content_type=JSON)
    assert (answer.status_code, answer.json()["delivered"]) == (201, True)
    assert path not in answer.content.decode()
    settings.EMAIL_HOST = "mail.example.com"
    mails = services.renew_link(
        user=User.objects.get(username="bay.four"),
        actor=person("sc.bay.admin"),
        at=bay.date_joined,
        root="http://x/",
    )
    assert mails.where == "by mail to four@example.com"
