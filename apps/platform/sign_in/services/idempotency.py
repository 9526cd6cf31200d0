"""Writes that may be sent twice: the same key gives the first answer again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
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


@dataclass(frozen=True)
class KeyedWrite:
    """A request that holds its person's key; ``mark`` tells it from another under that key."""

    user: User
    key: str
    mark: str
    at: datetime

    def known_reply(self) -> IdempotentReply | None:
        """Return the answer kept for the key, or None where its request has not been done.

        A reply without a status was left by a process of an older release that died over it. What
        is older than a day is forgotten: of everybody, as far as this request sees rows of others.
        Raises KeyRefused where the key belongs to another request.
        """
        mine = IdempotentReply.objects.filter(user=self.user, key=self.key)
        IdempotentReply.objects.filter(at__lt=self.at - KEPT).delete()
        mine.filter(status=None).delete()
        found = mine.first()
        if found is not None and found.mark != self.mark:
            raise KeyRefused(
                "This Idempotency-Key was used for another request, or with other scopes or roles.",
                422,
            )
        return found

    def reply_keep(self, *, status: int, media_type: str, body: bytes) -> None:
        """Keep the answer under the key, in the transaction of the work itself.

        An answer kept before, in the same request, is replaced. What was not let in, and a fault
        of ours, is not kept: nothing was done, so it may be tried again.
        """
        if status >= 500 or status in NOTHING_WAS_DONE:
            return
        reply = IdempotentReply(
            user=self.user,
            key=self.key,
            mark=self.mark,
            at=self.at,
            status=status,
            media_type=media_type,
            body=body,
        )
        IdempotentReply.objects.bulk_create(
            [reply],
            update_conflicts=True,
            unique_fields=["user", "key"],
            update_fields=["status", "media_type", "body"],
        )


def keep_early(write: KeyedWrite | None, told: Mapping[str, Any]) -> None:
    """Keep what a request has made as its answer, in the transaction that makes it.

    For what goes on after its commit; nothing of a request without a key.
    """
    if write is not None:
        body = json.dumps(told, cls=DjangoJSONEncoder).encode()
        write.reply_keep(status=201, media_type="application/json", body=body)
