"""Triggers and row-level security come after migrating, as often as somebody wants."""

from importlib.metadata import version
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.services import install_guards, lost_guards, missing_guards
from apps.site.home.management.commands import prepare


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


# what somebody may do to a guard; each leaves its name standing
DEEDS = {
    "a policy that lets everything through": "alter policy party_reads on {t} using (true)",
    "a policy that lets nothing through": "alter policy party_reads on {t} using (false)",
    "row security switched off": "alter table {t} disable row level security",
    "the policy of another role": "alter policy party_reads on {t} to public",
}


@pytest.mark.django_db
@pytest.mark.turns(2, of=("apps/platform/accounts/", "rmrcpm/"))
@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_a_guard_that_was_altered_is_missing_and_put_back(deed):
    run(deed.format(t="market_metereddemand"))
    assert "market_metereddemand: party_reads" in missing_guards()
    assert install_guards() is True  # as after any migration
    assert missing_guards() == []


@pytest.mark.django_db
def test_a_table_of_the_same_name_elsewhere_does_not_stand_for_ours():
    run(
        "create schema elsewhere; create table elsewhere.runs_stalemark (id int); "
        "alter table elsewhere.runs_stalemark enable row level security; "
        "alter table runs_stalemark disable row level security"
    )
    assert "runs_stalemark: party_reads" in missing_guards()


@pytest.mark.django_db
def test_a_table_made_anew_under_its_name_has_its_guards_again():
    run(
        "create table made_anew (like runs_stalemark including all); "
        "drop table runs_stalemark cascade; alter table made_anew rename to runs_stalemark"
    )
    assert "runs_stalemark: party_reads" in missing_guards()
    assert install_guards() is True
    assert missing_guards() == []


@pytest.mark.django_db
def test_a_function_with_other_words_is_told_and_comes_back():
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.oid::regprocedure::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid "
            "where t.tgrelid = 'runs_run'::regclass and not t.tgisinternal order by 1 limit 1"
        )
        (function,) = cursor.fetchone()
    run(
        f"create or replace function {function} returns trigger language plpgsql as "
        "$$ begin return new; end $$"
    )
    (told,) = missing_guards()
    assert told.startswith("runs_run: ")
    assert lost_guards() == [told]
    assert install_guards() is True
    assert lost_guards() == []


@pytest.mark.django_db
def test_guards_that_had_gone_are_put_back_by_a_start_and_named(monkeypatch):
    monkeypatch.setattr(prepare, "ensure_authority", lambda at: None)
    monkeypatch.setattr(prepare, "seed_schedule", lambda table: None)
    called = prepare.call_command

    def only_migrate(name, *args, **options):
        return called(name, *args, **options) if name == "migrate" else None

    monkeypatch.setattr(prepare, "call_command", only_migrate)
    run("drop policy party_reads on runs_stalemark")
    told = StringIO()
    call_command("prepare", stderr=told)
    assert "had gone or changed, and are put back: runs_stalemark: party_reads" in told.getvalue()
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
