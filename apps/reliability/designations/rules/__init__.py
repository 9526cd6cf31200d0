"""Pure rules about designations, contracts and prices."""

from apps.reliability.designations.rules.approval import approved_ahead
from apps.reliability.designations.rules.contract_terms import check_contract_rows
from apps.reliability.designations.rules.designation import (
    DESIGNATION_DATES,
    DesignationProposal,
    check_designation,
    check_full_pmax,
    contract_capacity,
    designation_dates,
)
from apps.reliability.designations.rules.obligation import (
    most_owed,
    owed_capacity,
    terms_behind_pmax,
)
from apps.reliability.designations.rules.parameters import (
    PMAX_TOLERANCE,
    SMALLER_PMAX,
    TERMS_TOLD,
)
from apps.reliability.designations.rules.price import (
    CONTRACT_PRICE,
    Payload,
    Republication,
    day_cost_cents,
    plan_republication,
    price_from_revenue,
    said,
)
from apps.reliability.designations.rules.public_record import use_of_fact
from apps.reliability.designations.rules.ra_year import Stretch, most_in_force
from apps.reliability.designations.rules.standing import Standing, standing

__all__ = [
    "CONTRACT_PRICE",
    "DESIGNATION_DATES",
    "PMAX_TOLERANCE",
    "SMALLER_PMAX",
    "TERMS_TOLD",
    "DesignationProposal",
    "Payload",
    "Republication",
    "Standing",
    "Stretch",
    "approved_ahead",
    "check_contract_rows",
    "check_designation",
    "check_full_pmax",
    "contract_capacity",
    "day_cost_cents",
    "designation_dates",
    "most_in_force",
    "most_owed",
    "owed_capacity",
    "plan_republication",
    "price_from_revenue",
    "said",
    "standing",
    "terms_behind_pmax",
    "use_of_fact",
]
