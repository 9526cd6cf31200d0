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
ALL_SCOPES = frozenset(s.value for s in Scope)


def scope_needed(method: str, path: str, decides: frozenset[str]) -> Scope:
    """Return the scope an API request needs.

    ``decides``: the last parts of the operation's addresses that decide, as the operation declares
    them (a move of a case: from the move itself).
    """
    if method in READING_METHODS:
        return Scope.READ
    last = path.rstrip("/").rpartition("/")[2]
    return Scope.APPROVE if last in decides else Scope.WRITE
