"""Which migrations the code has and the database lacks, or has and the code does not know."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Name = tuple[str, str]  # the label of an app and the name of a migration


@cache
def _known() -> frozenset[Name]:
    """Return the migrations of the code; it is read once, as its files hold for a process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def pending_migrations() -> list[Name]:
    """Return the migrations that are still to be applied."""
    return sorted(_known() - MigrationRecorder(connection).applied_migrations().keys())


def other_schema() -> list[str]:
    """Return what shows that another version of the product made this database; else nothing.

    Migrations applied that the code does not have, or, where none is left to apply, columns that
    models need and the tables lack.
    """
    applied = MigrationRecorder(connection).applied_migrations().keys()
    replaced = {
        old
        for migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
        for old in migration.replaces
    }
    ours = {config.label for config in apps.get_app_configs()}
    unknown = sorted(
        f"migration {label}.{name}"
        for label, name in applied - _known() - replaced
        if label in ours
    )
    if unknown or not applied or pending_migrations():
        return unknown
    return _missing_columns()


def _missing_columns() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns "
            "where table_schema = current_schema()"
        )
        there = set(cursor.fetchall())
    return sorted(
        f"column {table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for table in [model._meta.db_table]
        for field in model._meta.local_concrete_fields
        if (table, field.column) not in there
    )
