"""Keys that outlive a password, links that only who runs the machine reads, starts that refuse."""

from __future__ import annotations

import re
import stat
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.test import Client

from apps.platform.audit.models import AuditEvent
from apps.platform.notifications.models import Notification
from apps.platform.sign_in import services
from apps.platform.sign_in.models import ApiToken
from apps.site.home.services import demo_sign_ins
from rmrcpm import env, exposure, launch

LONG = "a1B2c3D4e5" * 6


def token_of(user, name="n"):
    _, secret = services.token_make(
        user=user, name=name, scopes=["read"], days=300, actor=user, at=datetime.now(UTC)
    )
    return secret


def status_with(secret):
    return Client().get("/api/v1/whoami/", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code


@pytest.mark.django_db
def test_a_changed_password_leads_to_the_tokens_that_still_work(person):
    bay = person("sc.bay")
    secrets = [token_of(bay), token_of(bay, "other")]
    of_another = token_of(person("iso.operator"))
    client = Client()
    client.post("/accounts/login/", {"login": "sc.bay", "password": "demo"})
    words = {"oldpassword": "demo", "password1": "all-new-77-x", "password2": "all-new-77-x"}
    page = client.post("/accounts/password/change/", words, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/tokens/"
    said = page.content.decode()
    assert "Your API tokens still work with the old password gone" in said
    assert "Revoke all 2" in said
    assert [status_with(s) for s in secrets] == [200, 200]
    client.post("/accounts/tokens/revoke/")
    assert [status_with(s) for s in [*secrets, of_another]] == [401, 401, 200]
    event = AuditEvent.objects.get(action="sign_in.person.tokens_ended")
    assert event.sentence == "2 API tokens of sc.bay are revoked"
    words = {
        "oldpassword": "all-new-77-x",
        "password1": "third-77-xyz",
        "password2": "third-77-xyz",
    }
    page = client.post("/accounts/password/change/", words, follow=True)
    assert "API tokens still work" not in page.content.decode()  # there are none
    assert ApiToken.objects.filter(user=bay, revoked_at=None).count() == 0


@pytest.mark.django_db
def test_who_runs_the_machine_prints_a_link_and_it_is_on_record(person, capsys, settings):
    settings.SITE_ADDRESS = "http://localhost:8000/rmr"  # the prefix comes with the link
    secret = token_of(person("iso.approver"))
    call_command("password_link", "iso.approver")
    link = capsys.readouterr().out.strip()
    path = re.fullmatch(r"http://localhost:8000(/accounts/join/\S+)", link)[1]
    client = Client()
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"new_password1": "all-new-77-x", "new_password2": "all-new-77-x"})
    words = {"login": "iso.approver", "password": "all-new-77-x"}
    assert client.post("/accounts/login/", words).status_code == 302
    assert status_with(secret) == 401
    event = AuditEvent.objects.get(action="sign_in.person.link_made")
    assert event.sentence == "system made a password link for iso.approver"
    told = Notification.objects.filter(title__contains="password link was made for iso.approver")
    assert told.filter(user__username="iso.admin").exists()
    assert mail.outbox == []
    assert path not in "".join(AuditEvent.objects.values_list("sentence", flat=True))
    for nobody in ("masterfile", "nobody", "system"):
        with pytest.raises(CommandError):
            call_command("password_link", nobody)


def test_a_mail_that_is_kept_is_read_by_the_programs_account_alone(settings, tmp_path):
    settings.EMAIL_BACKEND = "rmrcpm.private_mail.PrivateFiles"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    send_mail("a", "b", None, ["c@example.com"])
    (kept,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert b"c@example.com" in kept.read_bytes()
    assert env.mail()["backend"] == "rmrcpm.private_mail.PrivateFiles"


def test_the_folder_of_logs_is_read_by_the_programs_account_alone(tmp_path):
    (tmp_path / "log").mkdir(mode=0o755)  # made by an earlier release
    launch.claim(tmp_path).close()
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o700


@pytest.fixture
def reached(monkeypatch):
    def go(name="RMRCPM_HTTPS", value="1"):
        monkeypatch.setenv(name, value)

    for name in ("HTTPS", "BEHIND_PROXY", "BIND", "DEMO"):
        monkeypatch.delenv(f"RMRCPM_{name}", raising=False)
    monkeypatch.delenv("DJANGO_SECRET_KEY", raising=False)
    return go


OUTSIDE = [
    ("RMRCPM_HTTPS", "1"),
    ("RMRCPM_BIND", "0.0.0.0"),
    ("RMRCPM_BIND", "site.example.com"),
    ("RMRCPM_BEHIND_PROXY", "1"),
]
INSIDE = [("RMRCPM_BIND", b) for b in ("127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost")]


@pytest.mark.parametrize(("name", "value"), OUTSIDE)
def test_a_site_that_others_reach_starts_with_no_short_key_and_no_demo(
    reached, monkeypatch, name, value
):
    reached(name, value)
    monkeypatch.setattr(launch, "claim", lambda home: pytest.fail("it went on"))
    for key in ("short", "a" * 80):
        monkeypatch.setenv("DJANGO_SECRET_KEY", key)
        with pytest.raises(SystemExit, match=f"With {name}=.*signing key is too short"):
            launch.main()
        with pytest.raises(exposure.Exposed):
            exposure.refuse_short_key(key)
    monkeypatch.setenv("DJANGO_SECRET_KEY", LONG)
    with pytest.raises(SystemExit, match="Set RMRCPM_DEMO=0"):
        launch.main()
    monkeypatch.setenv("RMRCPM_DEMO", "0")
    with pytest.raises(pytest.fail.Exception, match="it went on"):
        launch.main()


@pytest.mark.parametrize(("name", "value"), INSIDE)
def test_a_site_of_this_machine_alone_takes_both(reached, name, value):
    reached(name, value)
    assert exposure.reached_by() == ""
    exposure.refuse_short_key("short")
    exposure.refuse_demo()


@pytest.mark.django_db
def test_people_of_the_demo_who_are_there_already_are_found_before_it_serves(
    settings, person, monkeypatch
):
    settings.REACHED_BY, settings.DEMO_PASSWORD = "RMRCPM_HTTPS=1", "demo"
    with pytest.raises(CommandError, match="leave --demo out"):
        call_command("prepare", "--demo")
    monkeypatch.setattr("apps.site.home.management.commands.prepare.require_guards", lambda: None)
    with pytest.raises(CommandError, match=r"the password everybody knows: iso\.admin, "):
        call_command("prepare")
    bay = person("sc.bay")
    assert bay.username in demo_sign_ins(password="demo")
    bay.set_password("one-of-her-own-7")
    bay.save()
    assert bay.username not in demo_sign_ins(password="demo")
    assert demo_sign_ins(password="another") == []
