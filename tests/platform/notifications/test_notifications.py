"""Inbox, mail by preference, deadlines and their calendar."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from apps.platform.accounts.models import User
from apps.platform.notifications.hooks import TOPICS
from apps.platform.notifications.models import Notification
from apps.platform.notifications.services import calendar, tell
from apps.platform.sign_in.services import token_make

pytestmark = pytest.mark.django_db


def test_a_statement_is_announced_to_its_sc_and_opens_from_the_inbox(settle, as_user):
    settle()
    client = as_user("sc.bay")
    page = client.get("/").content.decode()
    assert re.search(r"<b>1</b>", page)
    (row,) = client.get("/api/v1/notices/").json()["results"]
    assert row["title"].startswith("Statements of 2024-09-04")
    opened = client.get(f"/notices/{row['id']}/")
    assert opened["Location"] == "/statements/"
    assert not re.search(r'class="bell"[^>]*>.*<b>1</b>', client.get("/").content.decode())
    other = Notification.objects.exclude(user__username="sc.bay").first()
    assert client.get(f"/notices/{other.pk}/").status_code == 404


def test_a_sealed_run_waits_for_approvers_and_not_for_who_asked(settle):
    settle(publish=False)
    told = set(
        Notification.objects.filter(topic="run-waits").values_list("user__username", flat=True)
    )
    assert told == {"iso.admin", "iso.approver"}


def test_mail_goes_to_those_who_want_it_after_the_work_is_done(
    person, as_user, now, django_capture_on_commit_callbacks
):
    User.objects.filter(username="sc.bay").update(email="bo@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        tell(
            [person("sc.bay")], topic="statement-issued", title="A", body="B", at=now, address="/s/"
        )
        assert mail.outbox == []
    assert [m.subject for m in mail.outbox] == ["rmrcpm: A"]
    assert "/s/" in mail.outbox[0].body
    client = as_user("sc.bay")
    client.post("/notices/preferences/", {"in_app-job-failed": "on"})
    with django_capture_on_commit_callbacks(execute=True):
        tell([person("sc.bay")], topic="statement-issued", title="C", at=now)
    assert len(mail.outbox) == 1
    assert not Notification.objects.filter(title="C").exists()


def test_a_broken_mail_server_undoes_nothing(
    person, now, monkeypatch, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    User.objects.filter(username="sc.bay").update(email="bo@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        tell([person("sc.bay")], topic="statement-issued", title="A", at=now)
    assert Notification.objects.filter(title="A").exists()


def test_all_notices_are_marked_read(settle, as_user):
    settle()
    client = as_user("sc.bay")
    client.post("/notices/read/")
    assert not Notification.objects.filter(user__username="sc.bay", read_at=None).exists()
    assert Notification.objects.filter(user__username="sc.sunset", read_at=None).exists()


def test_deadlines_are_ones_own_and_come_as_a_calendar(person, as_user):
    at = datetime.now(UTC)
    for name in ("sc.bay", "sc.sunset"):
        token_make(
            user=person(name),
            name=f"cron, {name}; ünïcode",
            scopes=["read"],
            days=30,
            actor=person(name),
            at=at,
        )
    page = as_user("sc.bay").get("/deadlines/").content.decode()
    assert "cron, sc.bay" in page
    assert "sc.sunset" not in page
    address = re.search(r"(/calendar/[^\"<]+\.ics)", page)[1]
    text = Client().get(address).content.decode()
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "SUMMARY:API token cron\\, sc.bay\\; ünïcode expires" in text
    assert all(len(line.encode()) <= 75 for line in lines)
    assert text.count("BEGIN:VEVENT") == 1
    wanted = (at + timedelta(days=30)).strftime("DTSTART:%Y%m%dT%H%M%SZ")
    assert wanted in lines


def test_a_calendar_key_is_secret_and_ends_with_the_password(person, as_user):
    page = as_user("sc.bay").get("/deadlines/").content.decode()
    address = re.search(r"(/calendar/[^\"<]+\.ics)", page)[1]
    assert Client().get(address[:-6] + "x.ics").status_code == 404
    from django.core import signing

    told = signing.loads(address.split("/")[-1].removesuffix(".ics"), salt="rmrcpm.calendar")
    assert person("sc.bay").password[-6:] not in str(told)
    user = person("sc.bay")
    user.set_password("another-one-2")
    user.save()
    assert Client().get(address).status_code == 404


def test_long_lines_are_folded_between_characters(person, monkeypatch, now):
    from apps.platform.notifications import services
    from apps.platform.notifications.hooks import Deadline

    long = Deadline("x", now, "ü" * 200)
    monkeypatch.setattr(services, "deadlines", lambda **words: [long])
    text = calendar(viewer=person("sc.bay").viewer(), at=now, root="http://x")
    assert "ü" * 200 in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_every_topic_is_written_about_somewhere():
    from pathlib import Path

    sources = "".join(p.read_text() for p in Path("apps").rglob("*.py") if p.name != "apps.py")
    unused = [t.code for t in TOPICS if f'topic="{t.code}"' not in sources]
    assert unused == ["export-ready"] or unused == []
