"""Scopes of API tokens and what each allows; how a role that decides is asked for."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import ADMINS, APPROVERS
from apps.platform.core.states import Move, States

ROLE_STATES = States(
    initial="ASKED",
    moves=(
        Move("approve", "ASKED", "APPROVED", APPROVERS, "Give the roles", second_person=True),
        Move("reject", "ASKED", "REJECTED", APPROVERS, "Refuse", second_person=True, ends=True),
        Move("withdraw", "ASKED", "WITHDRAWN", ADMINS, "Withdraw", ends=True),
    ),
)


class TokenScope(StrEnum):
    """What a token may be used for, within its person's roles."""

    READ = "read"
    WRITE = "write"
    APPROVE = "approve"


SCOPE_TITLES = {
    TokenScope.READ: "read lists, statements and explanations",
    TokenScope.WRITE: "send files, request runs, propose values",
    TokenScope.APPROVE: "confirm, publish, approve: what asks for a second person",
}
TOKEN_PREFIX = "rmr_"
MOST_TOKEN_DAYS = 365
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ALL_SCOPES = frozenset(s.value for s in TokenScope)


def scope_needed(method: str, path: str, decides: frozenset[str]) -> TokenScope:
    """Return the scope an API request needs.

    ``decides``: the last parts of the operation's addresses that decide, as the operation declares
    them (a move of a case: from the move itself).
    """
    if method in READING_METHODS:
        return TokenScope.READ
    last = path.rstrip("/").rpartition("/")[2]
    return TokenScope.APPROVE if last in decides else TokenScope.WRITE
