"""Pure rules of plans."""

from apps.adequacy.plans.rules.checks import (
    PLAN_DUE_DAYS,
    period_days,
    plan_frame,
    plan_shape,
    refuse_rmr,
    shown_nowhere,
    too_much,
)

__all__ = [
    "PLAN_DUE_DAYS",
    "period_days",
    "plan_frame",
    "plan_shape",
    "refuse_rmr",
    "shown_nowhere",
    "too_much",
]
