"""Writes that may be sent twice: the same key gives the first answer again."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from apps.platform.accounts.models import User
from apps.platform.sign_in.models import IdempotentReply

KEPT = timedelta(days=1)
MOST_KEY = 80


class KeyRefused(ValueError):
    """The key cannot be used for this request; ``status`` is the answer's."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return what tells one request from another."""
    return hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).hexdigest()


def claim(*, user: User, key: str, mark: str, at: datetime) -> IdempotentReply | None:
    """Take a key for a request that is about to be done; return the reply where it was done before.

    Raises KeyRefused where the key is too long, belongs to another request, or is being worked on.
    """
    if len(key) > MOST_KEY:
        raise KeyRefused(f"An Idempotency-Key has at most {MOST_KEY} characters.", 400)
    IdempotentReply.objects.filter(user=user, at__lt=at - KEPT).delete()
    try:
        with transaction.atomic():
            IdempotentReply.objects.create(user=user, key=key, mark=mark, at=at)
    except IntegrityError:
        found = IdempotentReply.objects.filter(user=user, key=key).first()
        if found is None or found.status is None:
            raise KeyRefused("A request with this key is being worked on.", 409) from None
        if found.mark != mark:
            raise KeyRefused("This Idempotency-Key was used for another request.", 422) from None
        return found
    return None


def settle(*, user: User, key: str, status: int, media_type: str, body: bytes) -> None:
    """Keep the answer under its key; a fault of ours is forgotten, to be tried again."""
    rows = IdempotentReply.objects.filter(user=user, key=key)
    if status >= 500 or status == 429:
        rows.delete()
    else:
        rows.update(status=status, media_type=media_type, body=body)
