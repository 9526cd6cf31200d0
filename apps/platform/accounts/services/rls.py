"""Row-level security: PostgreSQL itself shows a party's requests only that party's rows.

Selectors narrow every read first. This holds when a selector forgets: a request of a scheduling
coordinator, or of the public, runs as the role ``rmrcpm_party``, to which row-level security
shows the rows of one party. ISO people, workers and commands run as the owner of the tables, so
bulk loads by COPY stay possible. See docs/adr/0009-two-walls.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from pghistory.models import Event

from apps.platform.accounts.codes import NOBODY_READS, PARTY_ROLE
from apps.platform.accounts.hooks import ROW_POLICIES

NO_PARTY = 0
_MISSING_ROLE = (
    f"The database has no role {PARTY_ROLE}, and this one may not make it. Let a database "
    f"administrator run: create role {PARTY_ROLE} nologin; grant {PARTY_ROLE} to current_user;"
)


class RowSecurityError(RuntimeError):
    """Row-level security cannot be set up; the message says what an administrator has to do."""


@contextmanager
def as_party(party_id: int | None) -> Iterator[None]:
    """Run the body as a party sees the database; None stands for the public, which owns nothing."""
    before = _standing()
    _stand(party_id or NO_PARTY)
    try:
        yield
    finally:
        _stand_back(before)


@contextmanager
def bypass_rls(reason: str) -> Iterator[None]:
    """Read beyond the viewer's own rows, for a stated reason, for as long as the body runs.

    Only for sums over all parties and for checks that decide whose a row is; what is returned to
    the viewer must not tell another party's row. tests/database names every use.
    """
    assert reason
    before = _standing()
    if before is None:
        yield
        return
    _stand(None)
    try:
        yield
    finally:
        _stand_back(before)


def _standing() -> int | None:
    found: int | None = getattr(connection, "rmrcpm_party", None)
    return found


def _stand(party: int | None) -> None:
    """Take the party's place, or with None the owner's.

    In a transaction that has failed nothing can be set; its rollback restores what was before.
    """
    with connection.cursor() as cursor:
        try:
            _take_place(cursor, party)
        except DatabaseError:
            if not connection.in_atomic_block:
                connection.close()
                raise
    connection.rmrcpm_party = party  # type: ignore[attr-defined]


def _stand_back(party: int | None) -> None:
    """Take the place of before again, also where the database has gone away meanwhile.

    A connection made anew takes the place that is noted, so it is noted first: whoever comes next
    on this thread would else be shown what the one before may see. Nothing is raised, as what the
    body raised tells more.
    """
    connection.rmrcpm_party = party  # type: ignore[attr-defined]
    try:
        _stand(party)
    except DatabaseError:
        if not connection.in_atomic_block:
            connection.close()


def _take_place(cursor: Any, party: int | None) -> None:
    role = "reset role" if party is None else f"set role {PARTY_ROLE}"
    of_whom = "" if party is None else str(party)
    cursor.execute(f"{role}; select set_config('rmrcpm.party', %s, false)", [of_whom])


def stand_again(connection: Any, **_: Any) -> None:
    """Take the same place on a connection made anew, where the old one was lost in between."""
    party: int | None = getattr(connection, "rmrcpm_party", None)
    if party is not None:
        with connection.cursor() as cursor:
            _take_place(cursor, party)


def row_policy_statements() -> list[str]:
    """Return what makes grants and policies as the apps declare them; the role is made if need be.

    Raises RowSecurityError where it is missing and may not be made.
    """
    with connection.cursor() as cursor:
        _ensure_role(cursor)
    statements = [_FUNCTION, _GRANTS]
    for table, condition in sorted(declared_row_policies().items()):
        statements += _policies(table, condition)
    return statements


def declared_row_policies() -> dict[str, str]:
    """Return what a party reads of each table: as declared, and of histories nothing."""
    histories = [m._meta.db_table for m in apps.get_models() if issubclass(m, Event)]
    return {
        **dict.fromkeys(histories, NOBODY_READS),
        **{wall.table: wall.condition for wall in ROW_POLICIES},
    }


_FUNCTION = (
    "create or replace function rmrcpm_party() returns bigint language sql stable as "
    "$$ select nullif(current_setting('rmrcpm.party', true), '')::bigint $$"
)


# what an administrator put into the schema, an extension with its views and functions, is not ours
# to grant: PostgreSQL refuses, and the party's requests do not need it
_GRANTS = f"""
do $$
declare it record;
begin
    execute 'grant usage on schema public to {PARTY_ROLE}';
    for it in
        select format('%s on %s %s', case relkind when 'S' then 'usage' else
                      'select, insert, update, delete' end,
                      case relkind when 'S' then 'sequence' else 'table' end,
                      oid::regclass) as words
        from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
        and pg_has_role(relowner, 'usage') and not exists (
            select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid
            and deptype = 'e')
        union all
        select format('execute on routine %s', oid::regprocedure)
        from pg_proc
        where pronamespace = 'public'::regnamespace
        and pg_has_role(proowner, 'usage') and not exists (
            select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid
            and deptype = 'e')
    loop
        execute format('grant %s to {PARTY_ROLE}', it.words);
    end loop;
end $$
"""


def _policies(table: str, condition: str) -> list[str]:
    """Rows may be written by whoever a service lets write, and read by their party only."""
    return [
        f'alter table "{table}" enable row level security',
        f'drop policy if exists party_reads on "{table}"',
        f'drop policy if exists party_writes on "{table}"',
        f'drop policy if exists party_changes on "{table}"',
        f'drop policy if exists party_removes on "{table}"',
        f'create policy party_reads on "{table}" for select to {PARTY_ROLE} using ({condition})',
        f'create policy party_writes on "{table}" for insert to {PARTY_ROLE} with check (true)',
        f'create policy party_changes on "{table}" for update to {PARTY_ROLE} '
        f"using ({condition}) with check ({condition})",
        f'create policy party_removes on "{table}" for delete to {PARTY_ROLE} using ({condition})',
    ]


def _ensure_role(cursor: Any) -> None:
    cursor.execute(
        "select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = %s",
        [PARTY_ROLE],
    )
    found = cursor.fetchone()
    if found == (True,):
        return
    cursor.execute("select rolcreaterole or rolsuper from pg_roles where rolname = current_user")
    if found is not None or not cursor.fetchone()[0]:
        raise RowSecurityError(_MISSING_ROLE)
    cursor.execute(f"create role {PARTY_ROLE} nologin")
    cursor.execute(f"grant {PARTY_ROLE} to current_user")
