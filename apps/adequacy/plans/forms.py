"""The form of a plan file."""

from __future__ import annotations

from django import forms

from apps.adequacy.plans.codes import HORIZONS, PARTS, PLAN_TYPES
from apps.platform.ui.form_fields import FileOrRows


class PlanForm(FileOrRows):
    """A plan file, or its rows pasted."""

    plan_type = forms.ChoiceField(label="Plan", choices=list(PLAN_TYPES.items()))
    part = forms.ChoiceField(label="Part", choices=list(PARTS.items()))
    horizon = forms.ChoiceField(label="Horizon", choices=list(HORIZONS.items()))
    period = forms.CharField(
        label="Period", max_length=7, help_text="2024-09 for a month, 2024 for a year"
    )
    sc = forms.CharField(
        label="SC",
        max_length=30,
        required=False,
        help_text="For ISO staff who file on behalf of an SC",
    )
    field_order = ("plan_type", "part", "horizon", "period", "sc", "file", "rows")
