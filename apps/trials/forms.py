"""The form of a trial."""

from __future__ import annotations

from django import forms

from apps.trials.rules.changes import SHAPES
from apps.ui.form_fields import case_number


class TrialForm(forms.Form):
    """A run and what is to be different."""

    base = case_number("Run", help_text="Number of a settled run")
    title = forms.CharField(label="What is tried", max_length=120)
    changes = forms.CharField(
        label="Changes, one a line", max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code"}),
        help_text="; ".join(SHAPES.values()),
    )  # fmt: skip
