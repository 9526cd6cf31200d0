"""Kinds, states and people of cost recovery, and who tells where a request was settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from apps.platform.accounts.terms import APPROVERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.kernel.states import Move, States

DESK = "cost-recovery-requests"
READERS = ISO_ROLES | SC_ROLES
RECOVERERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
REVIEWERS = frozenset({Role.ISO_ADMIN, Role.ISO_SETTLEMENTS, Role.ISO_CONTRACTS})
NOBODY: frozenset[str] = frozenset()


class RecoveryKind(StrEnum):
    """What a cost was spent on (BRQ-1265, BRQ-1270)."""

    GAS = "GAS"
    REPAIR = "REPAIR"
    MOTORING = "MOTORING"


KIND_TITLES = {
    RecoveryKind.GAS: "Actual gas cost",
    RecoveryKind.REPAIR: "Repair items",
    RecoveryKind.MOTORING: "Motoring charges",
}
REQUEST_STATES = States(
    initial="DRAFT",
    moves=(
        Move("submit", "DRAFT", "SUBMITTED", RECOVERERS, "Submit"),
        Move("revise", "DRAFT", "DRAFT", RECOVERERS, "Change the items"),
        Move("review", "SUBMITTED", "REVIEW", REVIEWERS, "Start review", second_person=True),
        Move("answer", "QUESTION", "REVIEW", RECOVERERS, "Answer"),
        Move("recommend", "REVIEW", "REVIEWED", REVIEWERS, "Recommend", second_person=True),
        Move("ask", "REVIEW", "QUESTION", REVIEWERS, "Request information"),
        Move(
            "approve",
            "REVIEWED",
            "APPROVED",
            APPROVERS,
            "Approve",
            second_person=True,
            not_by="reviewed_by",
        ),
        Move("send_back", "REVIEWED", "REVIEW", APPROVERS, "Return to review"),
        Move(
            "refuse",
            "REVIEWED",
            "REFUSED",
            APPROVERS,
            "Deny",
            second_person=True,
            not_by="reviewed_by",
            ends=True,
        ),
        *(
            Move("withdraw", state, "WITHDRAWN", RECOVERERS, "Withdraw", ends=True)
            for state in ("DRAFT", "SUBMITTED", "REVIEW", "QUESTION", "REVIEWED")
        ),
        Move("settle", "APPROVED", "SETTLED", NOBODY),
    ),
)
APPROVED_STATES = ("APPROVED", "SETTLED")
WAITING_STATES = ("SUBMITTED", "REVIEW", "QUESTION", "REVIEWED")


@dataclass(frozen=True)
class Settled:
    """Where a request's trade date was settled: a run, its statement line, the invoice.

    ``amount``: of the line, negative is a payment. Addresses are empty where there is no page.
    """

    trade_date: date
    run: str
    state: str
    amount: Decimal | None = None
    line: str = ""
    line_address: str = ""
    invoice: str = ""
    invoice_address: str = ""


Following = Callable[[Any, Any], list[Settled]]
_FOLLOWING: list[Following] = []


def follow(following: Following) -> None:
    """Have a function asked (request, viewer) where a request was settled; once at start-up."""
    if following not in _FOLLOWING:
        _FOLLOWING.append(following)


def followed(request: Any, viewer: Any) -> list[Settled]:
    """Return where the trade dates of a request were settled, by day."""
    found = [s for following in _FOLLOWING for s in following(request, viewer)]
    return sorted(found, key=lambda s: (s.trade_date, s.run))
