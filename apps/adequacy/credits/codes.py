"""Words of credits: processes, kinds, datasets, states, who does what."""

from __future__ import annotations

from apps.platform.accounts.codes import APPROVERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States

PROCESSES = {"ANNUAL": "Annual", "MONTHLY": "Monthly"}
KINDS = {"LOCAL": "Local credit", "SYSTEM": "System credit", "FLEX": "Flexible credit"}
KIND_CHOICES = list(KINDS.items())
LABELS = ("RMR", "RMRL")
FORECASTS = Dataset("credits.forecasts", "CEC demand forecasts", "ra_period")
SHARES = Dataset("credits.load_shares", "LSE load shares", "ra_period")
OBLIGATIONS = Dataset("credits.flex_obligations", "Flexible obligations of LSEs", "ra_period")
ANNUAL_CREDITS = Dataset("credits.annual", "RMR credits, annual", "ra_period")
MONTHLY_CREDITS = Dataset("credits.monthly", "RMR credits, monthly", "ra_period")
DISTRIBUTION = {"ANNUAL": "credits.annual", "MONTHLY": "credits.monthly"}
CREDIT_WRITERS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR})
CREDIT_READERS = ISO_ROLES | SC_ROLES

PROPOSAL_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", CREDIT_WRITERS, "Withdraw", ends=True),
    ),
)
