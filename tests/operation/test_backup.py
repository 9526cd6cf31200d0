"""A backup is restored elsewhere and comes to what was published; a damaged one is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.site.home.services import elsewhere
from tests.operation.conftest import admin, dropped

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1201")]
NEW = "rmrcpm_restored_by_a_test"


@pytest.fixture
def published(user, waiting_request):
    """Publish the demo's days, one of them with an approved cost recovery."""
    from apps.platform.runs import services as runs
    from apps.settlement.cost_recovery import services as recovery
    from apps.settlement.settlements.services import request_day

    recovery.approve(case_id=waiting_request.pk, actor=user("iso.approver"), at=datetime.now(UTC))
    for day in (date(2024, 9, 4), date(2024, 9, 5)):
        run, _ = request_day(
            trade_date=day, actor=user("iso.analyst"), at=datetime.now(UTC), reason="test"
        )
        run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
        runs.publish(run_id=run.pk, actor=user("iso.approver"), at=datetime.now(UTC))


@pytest.fixture
def room(committed):
    dropped(NEW)
    yield NEW
    dropped(NEW)


def test_the_drill_reproduces_the_published_hashes(committed, published, room, tmp_path, capsys):
    from apps.settlement.statements.models import StatementLine

    file = tmp_path / "b.dump"
    call_command("backup", str(file))
    told = json.loads(capsys.readouterr().out)
    assert (told["publications"], told["published_runs"]) == (2, 2)
    lines = StatementLine.objects.count()
    call_command("restore", str(file), "--into", room)
    found = json.loads(capsys.readouterr().out)
    assert found == {"publications": 2, "reproduced": 2, "otherwise": 0, "broken": []}
    assert connection.settings_dict["NAME"] == committed
    with elsewhere(room):
        assert StatementLine.objects.count() == lines
    with pytest.raises(CommandError, match="already"):
        call_command("restore", str(file), "--into", room)
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(file))


def test_a_row_changed_between_backup_and_restore_is_found(
    committed, published, room, tmp_path, capsys
):
    """The guards are switched off and a line is changed before the backup: the drill tells."""
    with connection.cursor() as cursor:
        cursor.execute("alter table settlements_allocationline disable trigger user")
        cursor.execute(
            "update settlements_allocationline set amount = amount + 1 where line_no = 1"
        )
        cursor.execute("alter table settlements_allocationline enable trigger user")
    file = tmp_path / "b.dump"
    call_command("backup", str(file))
    with pytest.raises(CommandError, match="was changed"):
        call_command("restore", str(file), "--into", room)


def test_a_damaged_or_lonely_file_and_a_database_in_use_are_refused(
    committed, room, tmp_path, monkeypatch
):
    file = tmp_path / "b.dump"
    call_command("backup", str(file))
    with pytest.raises(CommandError, match="in use"):
        call_command("restore", str(file), "--into", committed)
    with pytest.raises(CommandError, match="letters"):
        call_command("restore", str(file), "--into", 'a"; drop')
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    with pytest.raises(CommandError, match="SHA-256 differs"):
        call_command("restore", str(file), "--into", room)
    (tmp_path / "b.dump.json").write_text("{}")
    with pytest.raises(CommandError, match="no description"):
        call_command("restore", str(file), "--into", room)
    (tmp_path / "b.dump.json").unlink()
    with pytest.raises(CommandError, match="both"):
        call_command("restore", str(file), "--into", room)
    with pytest.raises(CommandError, match=r"could not be written|ended with"):
        call_command("backup", str(tmp_path / "no" / "folder"))
    assert not list(tmp_path.glob("*.part"))
    monkeypatch.setattr("django.conf.settings.POSTGRES_PROGRAMS", "")
    with pytest.raises(CommandError, match="was not found"):
        call_command("backup", str(tmp_path / "c.dump"))
    with admin() as server:
        found = server.execute("select 1 from pg_database where datname = %s", [room]).fetchone()
    assert found is None
