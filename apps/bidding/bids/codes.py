"""Words of bids: markets, products, states, who does what."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import ISO_ROLES, SC_ROLES, Role
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States


class Market(StrEnum):
    """The two markets."""

    DA = "DA"
    RT = "RT"


MARKET_TITLES = {Market.DA: "Day-ahead", Market.RT: "Real-time"}
SERVICES = ("REGUP", "REGDN", "SPIN", "NSPIN")
CERTIFIED = Dataset("bids.certified_services", "Certified ancillary services", "all")
USE_LIMITS = Dataset("bids.use_limits", "Use limits", "all")
USAGE = Dataset("bids.usage", "Use against limits", "trade_date")
INSERTION = {Market.DA: "bids.insertion_da", Market.RT: "bids.insertion_rt"}
LIMIT_TYPES = ("STARTS", "RUN_HOURS", "ENERGY")

BIDDERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
BID_READERS = ISO_ROLES | SC_ROLES
INSTRUCTORS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR})

BID_STATES = States(
    initial="SUBMITTED",
    moves=(Move("withdraw", "SUBMITTED", "WITHDRAWN", BIDDERS, "Withdraw", ends=True),),
)
FILE_STATES = States(
    initial="RECEIVED",
    moves=(
        Move("take", "RECEIVED", "TAKEN", frozenset()),
        Move("refuse", "RECEIVED", "REFUSED", frozenset()),
    ),
)
INSTRUCTION_STATES = States(
    initial="INSTRUCTED",
    moves=(
        Move("card", "INSTRUCTED", "CARD_FILED", BIDDERS, "File the outage card"),
        Move("withdraw", "INSTRUCTED", "WITHDRAWN", INSTRUCTORS, "Take back", ends=True),
    ),
)
