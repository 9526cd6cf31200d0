"""Dated values that bid rules ask for."""

from apps.bidding.costs.rules import DA_CLOSE_HOUR, RT_CLOSE_MINUTES
from apps.platform.kernel.effective import Parameter, declare

INSERTION_FLAG = declare(
    Parameter(
        name="bids.insertion_flag",
        title="Bid insertion flag of the application",
        type="choice",
        choices=("Y", "N"),
        reference="BRS 1.2 BRQ-0520",
        brq="BRQ-0520",
    )
)
DAYS_AHEAD = declare(
    Parameter(
        name="bids.days_ahead",
        title="Bids are taken at most this long ahead",
        type="integer",
        minimum="1",
        maximum="60",
        unit="days",
        reference="RA rule book 1.6",
        brq="BRQ-0520",
    )
)
COST_CHECK = declare(
    Parameter(
        name="bids.cost_check",
        title="A bid above cost is",
        type="choice",
        choices=("REFUSE", "WARN"),
        reference="requirement BRQ-0525; RA rule book 6.3 (choice)",
        brq="BRQ-0525",
    )
)
COST_TOLERANCE = declare(
    Parameter(
        name="bids.cost_tolerance",
        title="Tolerance of the cost check",
        type="decimal",
        minimum="0",
        maximum="10",
        unit="$/MWh",
        reference="RA rule book 6.3 (choice)",
        brq="BRQ-0525",
    )
)
BID_PARAMETERS = (
    INSERTION_FLAG,
    DA_CLOSE_HOUR,
    RT_CLOSE_MINUTES,
    DAYS_AHEAD,
    COST_CHECK,
    COST_TOLERANCE,
)
