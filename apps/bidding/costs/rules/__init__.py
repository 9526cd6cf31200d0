"""Pure rules of calculated costs."""

from apps.bidding.costs.rules.adders import Adder, AdderBook, adder_book
from apps.bidding.costs.rules.bid_calculators import GAS_DEB, NON_GAS_DEB
from apps.bidding.costs.rules.closing import DA_CLOSE_HOUR, RT_CLOSE_MINUTES, market_close
from apps.bidding.costs.rules.commitment import (
    CommitmentCost,
    HeatPrice,
    commitment_threshold,
    min_load_cost,
    start_up_cost,
    transition_cost,
)
from apps.bidding.costs.rules.eligibility import (
    ex_ante_outcome,
    opportunity_cost_eligible,
    reference_change_violations,
    registered_cost_violation,
    volatility_violations,
)
from apps.bidding.costs.rules.energy import (
    CurvePrice,
    Point,
    Segment,
    check_points,
    energy_bid,
    energy_threshold,
    up_to,
)
from apps.bidding.costs.rules.fuel import FuelFormula, FuelKind, formula_of, fuel_kind, is_gas_index
from apps.bidding.costs.rules.lacking import lacking_of_bid
from apps.bidding.costs.rules.parameters import (
    ALLOWANCE_STALE_AFTER_DAYS,
    CCDEBE_GO_LIVE,
    COST_PARAMETERS,
    DEB_SCALAR_OTHER,
    DEB_SCALAR_RMR,
    GHG_RATE,
    HEADROOM,
    REFERENCE_INDEX,
    STALE_AFTER_DAYS,
)
from apps.bidding.costs.rules.transition_calculator import MMA_TRANSITIONS
from apps.bidding.costs.rules.transitions import (
    Configuration,
    ConfigurationTransition,
    evaluate_transitions,
)

__all__ = [
    "ALLOWANCE_STALE_AFTER_DAYS",
    "CCDEBE_GO_LIVE",
    "COST_PARAMETERS",
    "DA_CLOSE_HOUR",
    "DEB_SCALAR_OTHER",
    "DEB_SCALAR_RMR",
    "GAS_DEB",
    "GHG_RATE",
    "HEADROOM",
    "MMA_TRANSITIONS",
    "NON_GAS_DEB",
    "REFERENCE_INDEX",
    "RT_CLOSE_MINUTES",
    "STALE_AFTER_DAYS",
    "Adder",
    "AdderBook",
    "CommitmentCost",
    "Configuration",
    "ConfigurationTransition",
    "CurvePrice",
    "FuelFormula",
    "FuelKind",
    "HeatPrice",
    "Point",
    "Segment",
    "adder_book",
    "check_points",
    "commitment_threshold",
    "energy_bid",
    "energy_threshold",
    "evaluate_transitions",
    "ex_ante_outcome",
    "formula_of",
    "fuel_kind",
    "is_gas_index",
    "lacking_of_bid",
    "market_close",
    "min_load_cost",
    "opportunity_cost_eligible",
    "reference_change_violations",
    "registered_cost_violation",
    "start_up_cost",
    "transition_cost",
    "up_to",
    "volatility_violations",
]
