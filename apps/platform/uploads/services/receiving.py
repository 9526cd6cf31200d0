"""Take a file in, exactly as received."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event
from apps.platform.core.numbers import read_key
from apps.platform.core.violations import Violation, Violations
from apps.platform.uploads.codes import MOST_IDS, Option, listed_ids
from apps.platform.uploads.hooks import UploadKind, kind
from apps.platform.uploads.models import Upload, UploadContent


class UploadRefused(ValueError):
    """The file is not taken in at all; nothing is kept. It carries the violations."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(" ".join(f.message for f in violations))
        self.violations = violations


def size_violations(size: int) -> list[Violation]:
    """Return the violation of a file that is too large; callers ask before reading it to memory."""
    most = settings.UPLOAD_MAX_BYTES
    if size <= most:
        return []
    return [
        Violation(
            "UP-SIZE", f"The file is larger than {most // (1024 * 1024)} MB. Send it in parts."
        )
    ]


@transaction.atomic
def receive(
    *,
    kind_code: str,
    file_name: str,
    content: bytes,
    actor: User,
    at: datetime,
    options: Mapping[str, str] | None = None,
    note: str = "",
) -> Upload:
    """Keep a file with its SHA-256 and open its case; reading it is the next step.

    Raises UnknownKind for a kind that does not exist, UploadRefused where the actor may not send
    this kind, the file is empty or too large, or an option does not fit.
    """
    wanted = kind(kind_code)
    violations = Violations()
    if not actor.viewer().may(wanted.upload_roles):
        violations.add("UP-ROLE", f"Your roles do not allow uploads of {wanted.title}.")
    if not content:
        violations.add("UP-NOTHING", "The file is empty.")
    violations.extend(size_violations(len(content)))
    clean = _options(wanted, dict(options or {}), violations)
    if violations.errors:
        raise UploadRefused(violations.rows)
    name = "".join(c for c in PurePath(file_name.replace("\\", "/")).name if c.isprintable())
    upload = Upload.objects.create(
        state=Upload.STATES.initial,
        opened_by=actor,
        opened_at=at,
        kind=wanted.code,
        file_name=name[:200] or "unnamed",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        options=clean,
        note=note[:500],
        second_person=wanted.second_person,
    )
    _keep(upload, content)
    log_event(
        action="uploads.upload.received",
        sentence=f"{upload.file_name} received as {wanted.title}",
        actor=actor,
        at=at,
        subject=upload,
        data={"sha256": upload.sha256, "size": len(content)},
    )
    return upload


def _keep(upload: Upload, content: bytes) -> None:
    """Store the bytes as they are: the ORM would write them into the statement as text first."""
    words = sql.SQL("insert into {} (upload_id, content) values (%s, %s)")
    table = sql.Identifier(UploadContent._meta.db_table)
    connection.ensure_connection()
    with connection.wrap_database_errors:
        psycopg.Cursor(connection.connection).execute(words.format(table), [upload.pk, content])


def _options(wanted: UploadKind, given: dict[str, str], violations: Violations) -> dict[str, str]:
    clean = {}
    for option in (*wanted.asked, *wanted.answers):
        text = str(given.get(option.name, "")).replace("\x00", "").strip()
        if (option.answers or option.optional) and not text:
            continue
        if not _fits(option, text):
            words = ", ".join(f"{value} ({said})" for value, said in option.choices)
            asked = f"must be one of {words}" if words else "is needed"
            violations.add(
                "UP-OPTION", f"{option.label} {asked}. {option.help}".strip(), column=option.name
            )
        clean[option.name] = text
    return clean


def _fits(option: Option, text: str) -> bool:
    if option.type == "ids":
        return 0 < len(listed_ids({option.name: text}, option.name)) <= MOST_IDS
    if option.type == "choice":
        return text in dict(option.choices)
    if option.type == "year":
        return len(text) == 4 and 2000 <= (read_key(text) or 0) <= 2100
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
