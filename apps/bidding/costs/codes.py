"""Words of calculated costs: datasets, adders, states, and who does what."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States

FUEL_REGIONS = Dataset("costs.fuel_regions", "Gas price index fuel regions", "all")
PUBLISHED_GAS = Dataset("costs.published_gas", "Published gas prices", "as_of")
FUEL_PRICES = Dataset("costs.fuel_prices", "Fuel index prices", "as_of")
AUCTIONS = Dataset("costs.allowance_auctions", "Allowance auctions", "as_of")
ALLOWANCES = Dataset("costs.allowances", "Allowance prices", "as_of")
RATES = Dataset("costs.rates", "GMC, VOM and power rates", "as_of")
COMMITMENT_INPUTS = Dataset("costs.commitment_inputs", "Commitment cost inputs", "as_of")
ADDERS = Dataset("costs.adders", "Cost adders", "all")
FUEL_FILES = (PUBLISHED_GAS, FUEL_PRICES)
ALLOWANCE_FILES = (AUCTIONS, ALLOWANCES)
RATE_FILES = (RATES,)
"""Files whose rows in force make a day's costs, beside those a run reads as versions."""
CURVES = {
    "WECC": Dataset("costs.curves_wecc", "WECC heat-rate curves", "all"),
    "CAPOW": Dataset("costs.curves_capow", "CAPOW heat-rate curves", "all"),
    "EPA": Dataset("costs.curves_epa", "EPA heat rates", "all"),
}

DAILY_COSTS = "costs.daily"
REFERENCE_BIDS = "costs.reference"

COST_WRITERS = frozenset({Role.ISO_ADMIN, Role.ISO_CONTRACTS, Role.ISO_SETTLEMENTS})
COST_READERS = ISO_ROLES | SC_ROLES
COST_SENDERS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR, Role.ISO_SETTLEMENTS})
REQUESTERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
REVIEWERS = APPROVERS | CONTRACT_WRITERS


class AdderKind(StrEnum):
    """What an adder is added to."""

    OC_START_UP = "OC_START_UP"
    OC_MIN_LOAD = "OC_MIN_LOAD"
    OC_TRANSITION = "OC_TRANSITION"
    OC_ENERGY = "OC_ENERGY"
    MMA_START_UP = "MMA_START_UP"
    MMA_MIN_LOAD = "MMA_MIN_LOAD"


ADDER_UNITS = {
    AdderKind.OC_START_UP: "$/start",
    AdderKind.OC_MIN_LOAD: "$/run-hour",
    AdderKind.OC_TRANSITION: "$/transition",
    AdderKind.OC_ENERGY: "$/MWh",
    AdderKind.MMA_START_UP: "$/start",
    AdderKind.MMA_MIN_LOAD: "$/run-hour",
}
OPPORTUNITY = frozenset(k for k in AdderKind if k.startswith("OC_"))
ORIGINS = ("NEGOTIATED", "CALCULATED")


class CostType(StrEnum):
    """Which cost an amount is of."""

    START_UP = "START_UP"
    MIN_LOAD = "MIN_LOAD"
    TRANSITION = "TRANSITION"
    ENERGY = "ENERGY"


PROPOSAL_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", COST_WRITERS, "Withdraw", ends=True),
    ),
)
NOBODY: frozenset[str] = frozenset()
REQUEST_STATES = States(
    initial="SUBMITTED",
    moves=(
        Move("accept", "SUBMITTED", "ACCEPTED", NOBODY),
        Move("cap", "SUBMITTED", "CAPPED", NOBODY),
        Move("approve", "SUBMITTED", "APPROVED", REVIEWERS, "Approve", second_person=True),
        Move(
            "approve_part",
            "SUBMITTED",
            "PARTLY_APPROVED",
            REVIEWERS,
            "Approve a part",
            second_person=True,
        ),
        Move("refuse", "SUBMITTED", "REFUSED", REVIEWERS, "Refuse", second_person=True, ends=True),
        Move("withdraw", "SUBMITTED", "WITHDRAWN", REQUESTERS, "Withdraw", ends=True),
    ),
)
IN_EFFECT = ("ACCEPTED", "CAPPED", "APPROVED", "PARTLY_APPROVED")

_CURVES = ("heat-rate-points",)
ERROR_FILES: dict[str, tuple[str, ...]] = {
    "RMR-E-0065T": ("master-file",),
    "RMR-E-0523": ("commitment-inputs", "cost-rates", "heat-rate-points"),
    "RMR-E-0065E": ("fuel-prices", "gas-prices", "fuel-regions"),
    "RMR-E-0065P": ("heat-rate-points", "master-file"),
    "RMR-E-0065R": ("cost-rates",),
    "RMR-E-0065G": ("allowance-prices", "allowance-auctions"),
    "RMR-E-0097": ("msg-transitions", "msg-configurations"),
    **dict.fromkeys((f"RMR-E-0065{letter}" for letter in "ABCDFHN"), _CURVES),
}
"""The kinds of files that make good what a run of costs could not calculate, by its code."""
