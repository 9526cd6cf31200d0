"""Writes that may be sent twice: the same key gives the first answer again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from apps.platform.accounts.models import User
from apps.platform.sign_in.models import IdempotentReply

KEPT = timedelta(days=1)
MOST_KEY = 80
NOTHING_WAS_DONE = frozenset({401, 403, 429})


class KeyRefused(ValueError):
    """The key cannot be used for this request; ``status`` is the answer's."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def fingerprint(parts: Iterable[str | bytes]) -> str:
    """Return what tells one request from another, of its parts in their order.

    Each part is hashed with its length, so that no two lists of parts are told as the same.
    """
    found = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        found.update(f"{len(raw)}:".encode())
        found.update(raw)
    return found.hexdigest()


@contextmanager
def held(*, user: User, key: str) -> Iterator[None]:
    """Hold a person's key while its request is worked on.

    The hold is a lock of the database connection: the database lets go of it when the process
    dies, so the retry after a crash finds the key free and is never refused for ever.
    Raises KeyRefused where the key is too long or a request with it is being worked on.
    """
    if len(key) > MOST_KEY:
        raise KeyRefused(f"An Idempotency-Key has at most {MOST_KEY} characters.", 400)
    digest = hashlib.sha256(f"idempotency {user.pk} {key}".encode("utf-8", "replace")).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [number])
        (free,) = cursor.fetchone()
    if not free:
        raise KeyRefused("A request with this key is being worked on; send it again later.", 409)
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [number])


def known_reply(*, user: User, key: str, mark: str, at: datetime) -> IdempotentReply | None:
    """Return the answer kept for a key, or None where its request has not been done.

    A reply without a status was left by a process of an older release that died over it. What is
    older than a day is forgotten: of everybody, as far as this request sees rows of others. Raises
    KeyRefused where the key belongs to another request.
    """
    IdempotentReply.objects.filter(at__lt=at - KEPT).delete()
    IdempotentReply.objects.filter(user=user, key=key, status=None).delete()
    found = IdempotentReply.objects.filter(user=user, key=key).first()
    if found is not None and found.mark != mark:
        raise KeyRefused(
            "This Idempotency-Key was used for another request, or with other scopes or roles.", 422
        )
    return found


def reply_keep(
    *, user: User, key: str, mark: str, at: datetime, status: int, media_type: str, body: bytes
) -> None:
    """Keep the answer under its key, in the transaction of the work itself where there is one.

    What was not let in, and a fault of ours, is not kept: nothing was done, so it may be tried
    again.
    """
    if status < 500 and status not in NOTHING_WAS_DONE:
        IdempotentReply.objects.create(
            user=user, key=key, mark=mark, at=at, status=status, media_type=media_type, body=body
        )
