"""Words of market clearing and credit: entries, accounts, states, and who does what."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import APPROVERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.core.states import Move, States

READERS = ISO_ROLES | SC_ROLES
CLEARERS = frozenset({Role.ISO_ADMIN, Role.ISO_SETTLEMENTS})
NOBODY: frozenset[str] = frozenset()
MARKET_BOOK, LEGACY_BOOK = "MARKET", "LEGACY"


class Account(StrEnum):
    """Accounts of the sub-ledger; those of one SC name it on each posting."""

    CASH = "CASH"
    SC = "SC"
    MARKET = "MARKET"
    SECURITY = "SECURITY"
    DEPOSIT = "DEPOSIT"
    RESERVE = "RESERVE"
    RESERVE_FUND = "RESERVE_FUND"
    SHORTFALL = "SHORTFALL"
    UTILITY = "UTILITY"


ACCOUNTS = {
    Account.CASH: "Clearing account at the bank",
    Account.SC: "Scheduling coordinators: owed by them, or to them where negative",
    Account.MARKET: "Settlement: the other side of every invoice",
    Account.SECURITY: "Financial security held",
    Account.DEPOSIT: "Financial security of each SC",
    Account.RESERVE: "Reserve account at the bank",
    Account.RESERVE_FUND: "Reserve of the market",
    Account.SHORTFALL: "What short-paid creditors wait for",
    Account.UTILITY: "Responsible utilities of legacy RMR",
}
CHARGE_CODES = {
    "SHORTFALL": "5910",
    "RECEIPT_DISTRIBUTION": "5900",
    "REVERSAL": "5901",
}
ENTRY_KINDS = (
    "INVOICE",
    "RECEIPT",
    "SECURITY_HELD",
    "SECURITY_RELEASED",
    "SECURITY_DRAWN",
    "RESERVE_FUNDED",
    "RESERVE_DRAWN",
    "RESERVE_RESTORED",
    "SHORTFALL",
    "PAYMENT",
    "RECEIPT_DISTRIBUTION",
    "REVERSAL",
    "DEFAULT_LOSS",
    "NETTING",
    "LEGACY_INVOICE",
    "LEGACY_PAYMENT",
)

RECEIPT_STATES = States(
    initial="ENTERED",
    moves=(
        Move("confirm", "ENTERED", "CONFIRMED", APPROVERS, "Confirm", second_person=True),
        Move("reject", "ENTERED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "ENTERED", "WITHDRAWN", CLEARERS, "Withdraw", ends=True),
        Move(
            "reverse", "CONFIRMED", "REVERSED", APPROVERS, "Reverse", second_person=True, ends=True
        ),
    ),
)
PAYMENT_STATES = States(
    initial="PREPARED",
    moves=(
        Move(
            "close", "PREPARED", "CLOSED", APPROVERS, "Close the payment date", second_person=True
        ),
        Move("prepare_again", "PREPARED", "PREPARED", CLEARERS, "Prepare it again", optional=True),
        Move("withdraw", "PREPARED", "WITHDRAWN", CLEARERS, "Withdraw", ends=True),
    ),
)
DEFAULT_STATES = States(
    initial="OPEN",
    moves=(
        Move("cure", "OPEN", "CURED", NOBODY),
        Move("reopen", "CURED", "OPEN", NOBODY),
        Move("lose", "OPEN", "LOST", NOBODY),
    ),
)
LOSS_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", CLEARERS, "Withdraw", ends=True),
    ),
)


class CreditKind(StrEnum):
    """What stands behind an SC, corrects its liability, or funds the reserve."""

    UNSECURED = "UNSECURED"
    SECURITY = "SECURITY"
    LETTER = "LETTER"
    ADJUSTMENT = "ADJUSTMENT"
    RESERVE = "RESERVE"


CREDIT_TITLES = {
    CreditKind.UNSECURED: "Unsecured credit limit",
    CreditKind.SECURITY: "Financial security in cash",
    CreditKind.LETTER: "Letter of credit",
    CreditKind.ADJUSTMENT: "Adjustment of the liability",
    CreditKind.RESERVE: "Money for the reserve account",
}
HELD = (CreditKind.SECURITY, CreditKind.LETTER)
CREDIT_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", CLEARERS, "Withdraw", ends=True),
        Move(
            "release", "APPROVED", "RELEASED", APPROVERS, "Release", second_person=True, ends=True
        ),
    ),
)
CALL_STATES = States(
    initial="CALLED",
    moves=(
        Move("answer", "CALLED", "ANSWERED", NOBODY),
        Move("answer", "OVERDUE", "ANSWERED", NOBODY),
        Move("lapse", "CALLED", "OVERDUE", NOBODY),
        Move("cancel", "CALLED", "CANCELLED", APPROVERS, "Cancel", ends=True),
        Move("cancel", "OVERDUE", "CANCELLED", APPROVERS, "Cancel", ends=True),
    ),
)
COMPONENTS = {
    "INVOICED": "Invoiced and not due yet",
    "PUBLISHED": "On statements, not yet invoiced",
    "ESTIMATED": "Calculated, not yet published",
    "EXTRAPOLATED": "Trade dates nobody calculated yet",
    "PROJECTED_RMR": "RMR cost of contracts without history",
    "PAST_DUE": "Past due",
    "ADJUSTMENTS": "Adjustments by two people",
}
