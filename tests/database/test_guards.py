"""Triggers and row-level security come after migrating, as often as somebody wants."""

from importlib.metadata import version
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.services import install_guards, missing_guards


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def written():
    out = StringIO()
    call_command("install_guards", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_migrated_database_has_every_guard_and_nothing_is_done_twice():
    assert missing_guards() == []
    assert install_guards() is False
    assert written() == "Every trigger and policy that the code declares stands in the database.\n"


@pytest.mark.django_db
def test_what_somebody_took_away_is_told_and_comes_back():
    trigger = next(t for m, t in pgtrigger.registered() if m._meta.db_table == "runs_run")
    (name,) = {
        t.get_pgid(m)
        for m, t in pgtrigger.registered()
        if m._meta.db_table == "runs_run" and t.name == trigger.name
    }
    run(f"drop trigger {name} on runs_run")
    run("drop policy party_reads on runs_stalemark")
    expected = [f"runs_run: {name}", "runs_stalemark: party_reads"]
    assert missing_guards() == expected
    out = StringIO()
    with pytest.raises(CommandError, match="2 guards are missing"):
        call_command("install_guards", "--check", stdout=out)
    assert out.getvalue().splitlines() == expected
    written()
    assert missing_guards() == []


@pytest.mark.django_db
def test_a_table_that_is_named_wrongly_stops_the_start_instead_of_leaving_all_unguarded():
    with ROW_POLICIES.added(RowPolicy("no_such_table", "true")):
        assert install_guards(again=True) is False
        with pytest.raises(CommandError, match="no_such_table: no such table") as caught:
            call_command("prepare", stdout=StringIO())
        assert caught.value.returncode == 2


@pytest.mark.django_db
def test_a_trigger_that_the_code_no_longer_has_goes():
    run(
        "create function left_over() returns trigger language plpgsql as "
        "$$ begin return new; end $$; "
        "create trigger pgtrigger_left_over_12345 before update on runs_run "
        "for each row execute function left_over()"
    )
    written()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_trigger where tgname = 'pgtrigger_left_over_12345'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("library", "seen"),
    [("Django", "5.2.19"), ("django-pgtrigger", "4.17.0"), ("django-pghistory", "3.9.2")],
)
def test_a_library_whose_inside_is_replaced_is_the_one_that_was_read(library, seen):
    """``rmrcpm.triggers`` and ``manage.py migrate`` replace parts without a public name.

    Where the version moves: read what they replace in the new one, run tests/database and the
    comparison of ADR 0023, then write the version here.
    """
    assert version(library) == seen
