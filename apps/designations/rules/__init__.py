"""Pure rules about RMR contracts."""

from apps.designations.rules.contract_terms import check_contract_rows
from apps.designations.rules.parameters import PMAX_TOLERANCE

__all__ = ["PMAX_TOLERANCE", "check_contract_rows"]
