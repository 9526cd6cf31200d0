"""Scopes of API tokens and what each allows."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What a token may be used for, within its person's roles."""

    READ = "read"
    WRITE = "write"
    APPROVE = "approve"


SCOPE_TITLES = {
    Scope.READ: "read lists, statements and explanations",
    Scope.WRITE: "send files, request runs, propose values",
    Scope.APPROVE: "confirm, publish, approve: what asks for a second person",
}
TOKEN_PREFIX = "rmr_"
MOST_TOKEN_DAYS = 365
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
APPROVING_ENDINGS = ("/confirm/", "/publish/", "/approve/", "/reject/")


def scope_needed(method: str, path: str) -> Scope:
    """Return the scope an API request needs."""
    if method in READING_METHODS:
        return Scope.READ
    return Scope.APPROVE if path.endswith(APPROVING_ENDINGS) else Scope.WRITE
