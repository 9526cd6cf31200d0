"""The workflow of a proposed parameter value, and who is told of an approved one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.platform.accounts.terms import APPROVERS, PROPOSERS
from apps.platform.kernel.states import Move, States

PROPOSAL_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", PROPOSERS, "Withdraw"),
    ),
)

Watcher = Callable[[Any, Any, Any], None]
_WATCHERS: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Have a function told (parameter value, actor, moment) of every approved value."""
    if watcher not in _WATCHERS:
        _WATCHERS.append(watcher)


def tell_watchers(value: Any, actor: Any, at: Any) -> None:
    """Tell every watcher of an approved value, inside the approving transaction."""
    for watcher in _WATCHERS:
        watcher(value, actor, at)
