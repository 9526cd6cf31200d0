"""The guards of the database: triggers of the kinds of row, and row-level security between parties.

They are no part of the migrations: what stands in the code is brought to the database after every
migration, in one go, and as often as somebody likes (``manage.py install_guards``).
"""

from __future__ import annotations

import hashlib
from typing import Any

import pgtrigger
from django.db import connection, transaction

from apps.platform.accounts.services.rls import declared_row_policies, row_policy_statements

_NOTED_AT = "rmrcpm_party()"
SHOWN = 3


class GuardsMissing(RuntimeError):
    """The database has not every trigger and policy that the code declares."""


def _triggers() -> list[str]:
    return [
        trigger.compile(model).install_sql
        for model, trigger in sorted(
            pgtrigger.registered(), key=lambda pair: pair[1].get_pgid(pair[0])
        )
    ]


def _tables(cursor: Any) -> set[str]:
    cursor.execute("select tablename from pg_tables where schemaname = current_schema()")
    return {name for (name,) in cursor.fetchall()}


def missing_guards() -> list[str]:
    """Return the triggers and policies that the code declares and the database does not have.

    Each as ``table: name``; a table that does not stand yet is named once.
    """
    with connection.cursor() as cursor:
        tables = _tables(cursor)
        cursor.execute(
            "select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid "
            "where not t.tgisinternal and t.tgenabled = 'O'"
        )
        standing = set(cursor.fetchall())
        cursor.execute(
            "select p.tablename, p.policyname from pg_policies p "
            "join pg_class c on c.relname = p.tablename and c.relrowsecurity "
            "where p.schemaname = current_schema()"
        )
        standing |= set(cursor.fetchall())
    wanted = [(m._meta.db_table, t.get_pgid(m)) for m, t in pgtrigger.registered()]
    wanted += [(table, "party_reads") for table in declared_row_policies()]
    missing = {
        f"{table}: {name}" if table in tables else f"{table}: no such table"
        for table, name in wanted
        if (table, name) not in standing
    }
    return sorted(missing)


def require_guards() -> None:
    """Refuse a database that lacks a guard; raises GuardsMissing, which names the first ones.

    Installing waits while a table is missing, so a table that is named wrongly would leave the
    whole database without guards and nobody told.
    """
    if missing := missing_guards():
        rest = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        raise GuardsMissing(
            f"The database lacks guards that keep its rows: {', '.join(missing[:SHOWN])}{rest}. "
            "Run manage.py migrate, then manage.py install_guards, which says what is missing."
        )


def install_guards(*, again: bool = False, **_: Any) -> bool:
    """Bring triggers, role, grants and policies to what the code declares; say whether it did.

    Called after every migration. Nothing is done while tables are missing, as in the middle of
    migrating by hand, or where the database says that it has exactly these guards; ``again``
    installs them all the same. All of it is one transaction. Raises RowSecurityError where the
    database lacks the role of parties and may not make it.
    """
    triggers = _triggers()
    policies = row_policy_statements()
    wanted = {m._meta.db_table for m, _trigger in pgtrigger.registered()} | set(
        declared_row_policies()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        tables = _tables(cursor)
        if not wanted <= tables:
            return False
        told = "\n".join([*triggers, *policies, *sorted(tables)])
        digest = hashlib.sha256(told.encode()).hexdigest()
        cursor.execute(f"select obj_description(to_regprocedure('{_NOTED_AT}'), 'pg_proc')")
        if not again and cursor.fetchone() == (digest,):
            return False
        cursor.execute("\n".join(triggers))
        pgtrigger.prune()
        for statement in policies:
            cursor.execute(statement)
        cursor.execute(f"comment on function {_NOTED_AT} is '{digest}'")
    return True
