"""The guards of the database: triggers of the kinds of row, and row-level security between parties.

They are no part of the migrations: what stands in the code is brought to the database after every
migration, in one go, and as often as somebody likes (``manage.py install_guards``).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pgtrigger
from django.db import connection, transaction
from psycopg import sql

from apps.platform.accounts.services.rls import declared_row_policies, row_policy_statements

_NOTED_AT = "rmrcpm_party()"
SHOWN = 3
# what stands: the words of each trigger with its function's, and of each policy with its switch
_STANDING = """
select c.relname, t.tgname,
       md5(concat_ws('|', pg_get_triggerdef(t.oid), t.tgenabled, f.prosrc))
from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc f on f.oid = t.tgfoid
where not t.tgisinternal and t.tgenabled = 'O'
  and c.relnamespace = current_schema()::regnamespace
union all
select c.relname, p.polname,
       md5(concat_ws('|', c.relforcerowsecurity, p.polcmd, p.polpermissive,
           (select string_agg(rolname, ',' order by rolname) from pg_roles
            where oid = any(p.polroles)),
           pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)))
from pg_policy p join pg_class c on c.oid = p.polrelid
where c.relrowsecurity and c.relnamespace = current_schema()::regnamespace
"""


class GuardsMissing(RuntimeError):
    """The database has not every trigger and policy that the code declares."""


def _triggers() -> list[str]:
    return [
        trigger.compile(model).install_sql
        for model, trigger in sorted(
            pgtrigger.registered(), key=lambda pair: pair[1].get_pgid(pair[0])
        )
    ]


def _wanted() -> list[tuple[str, str]]:
    """Return table and name of every guard that the code declares."""
    triggers = [(m._meta.db_table, t.get_pgid(m)) for m, t in pgtrigger.registered()]
    return triggers + [(table, "party_reads") for table in declared_row_policies()]


def _tables(cursor: Any) -> set[str]:
    cursor.execute("select tablename from pg_tables where schemaname = current_schema()")
    return {name for (name,) in cursor.fetchall()}


def _standing(cursor: Any) -> dict[str, str]:
    cursor.execute(_STANDING)
    return {f"{table}: {name}": words for table, name, words in cursor.fetchall()}


def _noted(cursor: Any) -> dict[str, Any]:
    """Return what the last installing noted: the declared guards' digest, and what stood then."""
    cursor.execute(f"select obj_description(to_regprocedure('{_NOTED_AT}'), 'pg_proc')")
    try:
        found = json.loads(cursor.fetchone()[0])
    except (TypeError, ValueError):
        found = None
    return found if isinstance(found, dict) else {"declared": "", "standing": {}}


def missing_guards() -> list[str]:
    """Return the triggers and policies that the code declares and the database does not have.

    Each as ``table: name``; a table that does not stand yet is named once. One that has another
    text than when it was installed, or is switched off, counts as missing.
    """
    with connection.cursor() as cursor:
        tables, standing = _tables(cursor), _standing(cursor)
    missing = set(lost_guards())
    for table, name in _wanted():
        if table not in tables:
            missing.add(f"{table}: no such table")
        elif f"{table}: {name}" not in standing:
            missing.add(f"{table}: {name}")
    return sorted(missing)


def lost_guards() -> list[str]:
    """Return the guards that were installed once and no longer stand as they did.

    Each as ``table: name``; what the code declares by now does not count.
    """
    with connection.cursor() as cursor:
        standing = _standing(cursor)
        noted = _noted(cursor)["standing"]
    return sorted(key for key, words in noted.items() if standing.get(key) != words)


def brief(guards: list[str]) -> str:
    """Return the first of some guards in words, and how many more there are."""
    rest = f" and {len(guards) - SHOWN} more" if len(guards) > SHOWN else ""
    return f"{', '.join(guards[:SHOWN])}{rest}"


def require_guards() -> None:
    """Refuse a database that lacks a guard; raises GuardsMissing, which names the first ones.

    Installing waits while a table is missing, so a table that is named wrongly would leave the
    whole database without guards and nobody told.
    """
    if missing := missing_guards():
        raise GuardsMissing(
            f"The database lacks guards that keep its rows: {brief(missing)}. "
            "Run manage.py migrate, then manage.py install_guards, which says what is missing "
            "(each after python -m rmrcpm.with_database where the database is the product's own)."
        )


def install_guards(*, again: bool = False, **_: Any) -> bool:
    """Bring triggers, role, grants and policies to what the code declares; say whether it did.

    Called after every migration. Nothing is done while tables are missing, as in the middle of
    migrating by hand, or where exactly these guards stand as they were installed; ``again``
    installs them all the same. All of it is one transaction. Raises RowSecurityError where the
    database lacks the role of parties and may not make it.
    """
    triggers = _triggers()
    policies = row_policy_statements()
    with transaction.atomic(), connection.cursor() as cursor:
        tables = _tables(cursor)
        if not {table for table, _name in _wanted()} <= tables:
            return False
        told = "\n".join([*triggers, *policies, *sorted(tables)])
        declared = hashlib.sha256(told.encode()).hexdigest()
        noted = {"declared": declared, "standing": _standing(cursor)}
        if not again and noted == _noted(cursor):
            return False
        cursor.execute("\n".join(triggers))
        pgtrigger.prune()
        for statement in policies:
            cursor.execute(statement)
        noted["standing"] = _standing(cursor)
        words = sql.Literal(json.dumps(noted, separators=(",", ":")))
        cursor.execute(sql.SQL(f"comment on function {_NOTED_AT} is {{}}").format(words))
    return True
