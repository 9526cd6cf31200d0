"""Parameters of cost recovery: declared here, valued in the database."""

from apps.platform.core.effective import parameter

RECOVERY_RULE = parameter("recovery.rule")
COST_BASIS = parameter("recovery.cost_basis")
DECISION_DAYS = parameter("recovery.decision_days")
ANSWER_DAYS = parameter("recovery.answer_days")
