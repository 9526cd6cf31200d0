"""A database that another version made is recognised, and nothing in it is changed."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from apps.site.home.selectors import other_schema, pending_migrations

pytestmark = pytest.mark.django_db


def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def applied(app, name):
    execute("insert into django_migrations (app, name, applied) values (%s, %s, now())", app, name)


def test_the_database_of_this_version_has_no_signs_of_another():
    assert (other_schema(), pending_migrations()) == ([], [])


def test_a_migration_that_no_longer_exists_is_a_sign():
    applied("credits", "0999_of_before")
    assert other_schema() == ["migration credits.0999_of_before"]


def test_a_migration_of_an_app_that_is_not_installed_is_none():
    applied("sites", "0001_initial")
    assert other_schema() == []


def test_a_migration_still_to_be_applied_is_no_sign():
    execute("delete from django_migrations where (app, name) = ('home', '0001_initial')")
    assert pending_migrations() == [("home", "0001_initial")]
    assert other_schema() == []


def test_migrations_of_the_same_names_that_made_other_columns_are_a_sign():
    execute("alter table home_heartbeat rename at to seen_at")
    assert other_schema() == ["column home_heartbeat.at"]


@pytest.mark.parametrize(
    ("ours", "words"),
    [
        (True, "Move that folder aside (mv {home} {home}.old) or set RMRCPM_HOME to a new one"),
        (False, "that DATABASE_URL names was made by another version of rmrcpm"),
    ],
)
def test_prepare_refuses_it_with_what_to_do(settings, ours, words):
    settings.DATABASES_ARE_OURS = ours
    for number in range(5):
        applied("credits", f"099{number}_of_before")
    with pytest.raises(CommandError) as refused:
        call_command("prepare", demo=True)
    assert refused.value.returncode == 2
    said = str(refused.value)
    assert words.format(home=settings.HOME) in said
    assert (
        "migration credits.0990_of_before, migration credits.0991_of_before, "
        "migration credits.0992_of_before and 2 more. Nothing in it was changed." in said
    )
