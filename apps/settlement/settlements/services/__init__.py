"""Settle a trade date, and explain any line of it."""

from apps.settlement.settlements.services.attributing import OtherDay, SplitBusy, causes_of
from apps.settlement.settlements.services.completing import Completeness, completeness_of
from apps.settlement.settlements.services.data_quality import (
    DataQuality,
    data_quality_of,
    files_behind,
    mendable,
)
from apps.settlement.settlements.services.explaining import explain_line
from apps.settlement.settlements.services.explaining_charges import Unexplained
from apps.settlement.settlements.services.late import (
    ask_again,
    hear_correction,
    late_published,
    runs_since,
)
from apps.settlement.settlements.services.legacy import InvoiceInput, decide_invoice, submit_invoice
from apps.settlement.settlements.services.packing import LineToPack, packed
from apps.settlement.settlements.services.penalties import (
    PenaltyInput,
    approve_penalty,
    propose_penalty,
)
from apps.settlement.settlements.services.previewing import price_cost
from apps.settlement.settlements.services.readiness import (
    Prepared,
    few_words,
    holds_on,
    prepare_day,
    readiness_on,
)
from apps.settlement.settlements.services.ready_costs import (
    cost_errors,
    costs_held,
    days_taking_costs,
    files_of_cost_error,
)
from apps.settlement.settlements.services.ready_dispatch import dispatch_without_shares
from apps.settlement.settlements.services.ready_energy import (
    energy_without_intervals,
    energy_without_prices,
    file_of_prices,
)
from apps.settlement.settlements.services.ready_months import day_not_measured, months_held
from apps.settlement.settlements.services.ready_results import (
    contracts_without_demand,
    contracts_without_results,
    effect_without_results,
)
from apps.settlement.settlements.services.ready_unused import outdated_unused
from apps.settlement.settlements.services.recalculating import Recalculation
from apps.settlement.settlements.services.settling import (
    PARAMETERS,
    READS,
    SOMETIMES,
    dated_inputs_of,
    recoveries_published,
    settle_day,
)
from apps.settlement.settlements.services.timing import (
    availability_moved,
    calendar,
    costs_moved,
    request_day,
    settle_due_days,
)
from apps.settlement.settlements.services.trying import tried

__all__ = [
    "PARAMETERS",
    "READS",
    "SOMETIMES",
    "Completeness",
    "DataQuality",
    "InvoiceInput",
    "LineToPack",
    "OtherDay",
    "PenaltyInput",
    "Prepared",
    "Recalculation",
    "SplitBusy",
    "Unexplained",
    "approve_penalty",
    "ask_again",
    "availability_moved",
    "calendar",
    "causes_of",
    "completeness_of",
    "contracts_without_demand",
    "contracts_without_results",
    "cost_errors",
    "costs_held",
    "costs_moved",
    "data_quality_of",
    "dated_inputs_of",
    "day_not_measured",
    "days_taking_costs",
    "decide_invoice",
    "dispatch_without_shares",
    "effect_without_results",
    "energy_without_intervals",
    "energy_without_prices",
    "explain_line",
    "few_words",
    "file_of_prices",
    "files_behind",
    "files_of_cost_error",
    "hear_correction",
    "holds_on",
    "late_published",
    "mendable",
    "months_held",
    "outdated_unused",
    "packed",
    "prepare_day",
    "price_cost",
    "propose_penalty",
    "readiness_on",
    "recoveries_published",
    "request_day",
    "runs_since",
    "settle_day",
    "settle_due_days",
    "submit_invoice",
    "tried",
]
