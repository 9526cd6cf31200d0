"""Words of the market's view: audiences, states, instruction types."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import ISO_ROLES, SC_ROLES, Role
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States


class Audience(StrEnum):
    """Who is told."""

    DA = "DA"
    RT = "RT"
    SETTLEMENTS = "SETTLEMENTS"
    CMRI = "CMRI"
    OASIS = "OASIS"
    RAAIM = "RAAIM"


AUDIENCES = {
    Audience.DA: "Day-ahead market",
    Audience.RT: "Real-time market",
    Audience.SETTLEMENTS: "Settlements",
    Audience.CMRI: "CMRI-type report",
    Audience.OASIS: "OASIS-type report",
    Audience.RAAIM: "Settlements, availability",
}
MARKETS = (Audience.DA, Audience.RT)
DISPATCHES = Dataset("market_payloads.dispatches", "Day-ahead schedules and dispatch", "trade_date")
SENDERS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR})
DISPATCHERS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR})
READERS = ISO_ROLES | SC_ROLES
NOBODY: frozenset[str] = frozenset()

PAYLOAD_STATES = States(
    initial="MADE",
    moves=(
        Move("deliver", "MADE", "DELIVERED", NOBODY),
        Move("deliver", "FAILED", "DELIVERED", NOBODY),
        Move("fail", "MADE", "FAILED", NOBODY),
        Move("fail", "FAILED", "FAILED", NOBODY),
        Move("resend", "DELIVERED", "MADE", SENDERS, "Send again", optional=True),
        Move("resend", "FAILED", "MADE", SENDERS, "Send again"),
    ),
)
DISPATCH_STATES = States(
    initial="ISSUED",
    moves=(
        Move("cancel", "ISSUED", "CANCELLED", DISPATCHERS, "Cancel the instruction", ends=True),
    ),
)
# instruction types of the dispatch tool: any, and those of the RMR contract (legacy only)
INSTRUCTIONS = {
    "SYSEMR": "System emergency",
    "TMODEL": "Transmission not in the model",
    "TORETC": "Transmission outage",
    "RMRR": "RMR requirement (legacy only)",
    "RMRT": "RMR test (legacy only)",
    "UNIT_TEST": "Unit test",
    "VOLTAGE": "Voltage support",
    "OTHER": "Other reliability need",
}
