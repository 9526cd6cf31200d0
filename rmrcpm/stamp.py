"""The stamp: what a start has prepared, so that the next one prepares only what differs.

A file of the home holds fingerprints of everything ``manage.py prepare`` reads (code, fixtures,
static files, installed packages, settings) and of what it leaves behind (the schema and its
migrations, how many rows each table holds, the collected files, the certificates). They are taken
anew at each start; where any differs, everything is done again. A stamp older than a week counts
for nothing, as the list of revoked certificates must not become too old.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from rmrcpm import env

HOLDS_FOR = 7 * 86_400.0  # seconds
READ = (
    "apps",
    "rmrcpm",
    "fixtures",
    "static",
    "docs/pictures",
    "manage.py",
    "requirements.txt",
    "package-lock.json",
)
MOST_COUNTED = 1000  # rows of a table; tables only grow, and large ones need not be counted
WHY = {
    "code": "the code or its fixtures have changed",
    "installed": "other packages are installed",
    "settings": "the settings have changed",
    "collected": "collected files are missing",
    "machines": "the certificates of the second listener are not the ones made",
    "server": "it is another database",
    "migrations": "other migrations have been applied",
    "schema": "tables, triggers or policies have changed",
    "rows": "rows are missing",
}

_CERTIFICATES = tuple(
    f"machines/{name}" for name in ("authority.key", "authority.pem", "server.key", "server.pem")
)
_SERVER = """
select (select system_identifier from pg_control_system())::text || '/' || oid
from pg_database where datname = current_database()
"""
_MIGRATIONS = """
select md5(string_agg(concat_ws('.', app, name, applied), ' ' order by id)) from django_migrations
"""
_SCHEMA = """
select md5(string_agg(words, ' ' order by words)) from (
    select concat_ws(' ', c.relname, c.relrowsecurity, a.attname, a.atttypid, a.attnotnull) as words
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and a.attnum > 0 and not a.attisdropped
    union all
    select concat_ws(' ', tgrelid::regclass, tgname, tgenabled) from pg_trigger
    where not tgisinternal
    union all
    select concat_ws(' ', conrelid::regclass, conname) from pg_constraint
    where connamespace = 'public'::regnamespace
    union all
    select concat_ws(' ', tablename, policyname, qual, with_check) from pg_policies
    union all
    select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select 'queue ' || (to_regnamespace('pgmq') is not null)
) known
"""
_TABLES = (
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
)


class Stamp:
    """The stamp of one home and the database its product uses.

    ``home`` is RMRCPM_HOME; ``database`` is what psycopg takes to connect to the database.
    """

    def __init__(self, home: Path, database: str) -> None:
        self.home, self.database = home, database
        self.file = home / "prepared.json"
        self.code = ""

    def missing(self) -> str:
        """Return why everything has to be prepared again, or nothing where all is in place."""
        self.code = fingerprint(env.BASE, READ)
        try:
            kept = json.loads(self.file.read_text())
            age = time.time() - float(kept["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return "it has not been prepared yet"
        if not 0 <= age < HOLDS_FOR:
            return "it was prepared more than a week ago"
        try:
            found = self._found()
        except psycopg.Error:  # the tables are not there, or not to be read
            return "the database has no tables"
        for part, why in WHY.items():
            if part == "rows":
                if lost := _lost(kept.get("rows"), found["rows"]):
                    return f"{why}: {lost}"
            elif kept.get(part) != found[part]:
                return why
        return ""

    def keep(self) -> None:
        """Note that everything is prepared, for the code that ``missing`` has looked at.

        A database that does not let us look leaves no stamp, and is prepared at each start.
        """
        try:
            found = self._found()
        except psycopg.Error:
            return
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps({"at": time.time(), **found}))
        part.replace(self.file)

    def drop(self) -> None:
        """Take the stamp away: from now on and until it is kept again nothing counts as done."""
        self.file.unlink(missing_ok=True)

    def _found(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "installed": installed(),
            "settings": _settings(),
            "collected": _listing(self.home / "static"),
            "machines": fingerprint(self.home, _CERTIFICATES),
            **_of_database(self.database),
        }


def fingerprint(base: Path, names: Iterable[str]) -> str:
    """Return the SHA-256 of files, and of all files of folders: of their names and their bytes.

    What is missing counts as missing; compiled code does not count.
    """
    digest = hashlib.sha256()
    for name in names:
        path = base / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if "__pycache__" in file.parts or file.is_dir():
                continue
            content = file.read_bytes() if file.is_file() else b"missing"
            digest.update(f"{file.relative_to(base).as_posix()} {len(content)} ".encode())
            digest.update(content)
    return digest.hexdigest()


def installed() -> str:
    """Return what tells the interpreter and the versions of all packages."""
    found = sorted(
        entry.name
        for folder in map(Path, sys.path)
        if folder.name == "site-packages" and folder.is_dir()
        for entry in folder.glob("*.dist-info")
    )
    return hashlib.sha256(" ".join([sys.version, *found]).encode()).hexdigest()


def _settings() -> str:
    """Return a fingerprint of the environment's values that the settings read.

    Where the home is does not count: one that was moved or copied is as prepared as before.
    """
    ours = ("RMRCPM_", "DJANGO_", "DATABASE_URL", "CELERY_")
    known = os.environ.items()
    found = sorted(f"{k}={v}" for k, v in known if k.startswith(ours) and k != "RMRCPM_HOME")
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def _listing(folder: Path) -> str:
    """Return a fingerprint of the names and sizes of a folder's files."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(folder)} {file.stat().st_size}\n".encode())
    return digest.hexdigest()


def _of_database(address: str) -> dict[str, Any]:
    """Return what tells the database, its migrations, its schema, and rows by table."""
    with closing(psycopg.connect(address, autocommit=True)) as connection:

        def one(query: str) -> Any:
            row = connection.execute(query).fetchone()
            return row[0] if row else None

        tables = sorted(name for (name,) in connection.execute(_TABLES).fetchall())
        counts = sql.SQL(" union all ").join(
            sql.SQL("select {}, count(*) from (select from public.{} limit {}) s").format(
                sql.Literal(name), sql.Identifier(name), sql.Literal(MOST_COUNTED)
            )
            for name in tables
        )
        return {
            "server": one(_SERVER),
            "migrations": one(_MIGRATIONS),
            "schema": one(_SCHEMA),
            "rows": dict(connection.execute(counts).fetchall()),
        }


def _lost(kept: Any, found: dict[str, int]) -> str:
    """Return the first table that holds fewer rows than when they were counted, or nothing."""
    if not isinstance(kept, dict):
        return "not counted"
    return next((name for name, count in kept.items() if found.get(name, 0) < count), "")
