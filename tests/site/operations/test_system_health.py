"""The page System health: for administrators, from the same figures as the metrics."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.platform.jobs.models import Job
from apps.platform.jobs.selectors import title_of
from apps.site.home import services as home

pytestmark = pytest.mark.django_db
PAGE = "/system-health/"


def test_it_is_for_administrators_and_linked_for_them_alone(as_user, client):
    assert client.get(PAGE).status_code == 302
    for name in ("iso.analyst", "iso.approver", "sc.bay", "sc.bay.admin"):
        them = as_user(name)
        assert them.get(PAGE).status_code == 403
        assert PAGE not in them.get("/").content.decode()
    admin = as_user("iso.admin")
    assert admin.get(PAGE).status_code == 200
    assert admin.get("/").content.decode().count(f'href="{PAGE}"') == 2  # menu, and the page itself


@pytest.fixture
def well(settings):
    """A system in which no figure is beyond its limit."""
    now = datetime.now(UTC)
    settings.ALARM_DISK_PERCENT = 0
    Job.objects.filter(state="FAILED").update(ended_at=now - timedelta(days=2))
    Job.objects.filter(state="QUEUED").update(queued_at=now)
    home.beat(name="worker", at=now)
    made = {"sha256": "ab" * 32, "bytes": 5_000_000, "publications": 3}
    home.note_backup(manifest=made, name="daily.dump", at=now - timedelta(hours=3))
    from apps.platform.accounts.selectors import system_user
    from apps.platform.audit.services import log_event
    from apps.site.home.codes import BACKUP_PROVED

    log_event(
        action=BACKUP_PROVED,
        sentence="proved",
        actor=system_user(),
        at=now,
        data={"sha256": made["sha256"]},
    )


def test_a_healthy_system_says_so(as_user, well):
    page = as_user("iso.admin").get(PAGE).content.decode()
    assert "All is well" in page
    assert "proved by a restore" in page
    assert "what to do</a>" in page
    assert "ALARM" not in page


def test_page_and_metrics_name_the_same_alarms(as_user, person, well):
    Job.objects.create(
        kind="export",
        title="x",
        actor=person("iso.admin"),
        state="QUEUED",
        queued_at=datetime.now(UTC) - timedelta(minutes=44, seconds=30),
    )
    admin = as_user("iso.admin")
    answer = admin.get(PAGE)
    page = answer.content.decode()
    assert "ALARM" in page
    assert f"{title_of('export')}: a job has waited for 44 minutes, of 15 it may wait" in page
    assert "TOO LONG" in page
    names = [a.name for a in answer.context["alarms"]]
    assert "queue" in names
    metrics = admin.get("/metrics").content.decode()
    for name in set(names):
        assert f'rmrcpm_alarms{{name="{name}"}} {names.count(name)}' in metrics


def test_the_commands_put_backups_on_record(monkeypatch, tmp_path, capsys):
    """What a backup is made of is tried elsewhere; here, that its making and proof are noted."""
    import hashlib
    import json

    from django.core.management import call_command

    from apps.platform.audit.models import AuditEvent
    from apps.site.home.services import Restored

    dump = tmp_path / "daily.dump"
    sha = hashlib.sha256(b"dump").hexdigest()
    manifest = {"sha256": sha, "bytes": 4, "publications": 0, "results": []}

    def back_up(*, out, at):
        out.write_bytes(b"dump")
        out.with_name("daily.dump.json").write_text(json.dumps(manifest))
        return manifest

    monkeypatch.setattr("apps.site.home.services.back_up", back_up)
    monkeypatch.setattr("apps.site.home.services.restore", lambda **_: Restored(0, 0, 0, ()))
    call_command("backup", str(dump))
    call_command("restore", str(dump), "--into", "copy")
    kept = AuditEvent.objects.filter(action__startswith="home.backup.").order_by("pk")
    assert [(e.action, e.data["sha256"]) for e in kept] == [
        ("home.backup.made", sha),
        ("home.backup.proved", sha),
    ]
