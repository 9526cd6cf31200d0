"""The form of a what-if."""

from __future__ import annotations

from django import forms

from apps.settlement.what_if.rules.changes import SHAPES


class WhatIfForm(forms.Form):
    """A run and what is to be different."""

    base = forms.CharField(
        label="Day or run",
        max_length=20,
        help_text="A published trade date, YYYY-MM-DD, or the number of a settled run",
    )
    title = forms.CharField(label="Scenario", max_length=120)
    changes = forms.CharField(
        label="Changes, one a line",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code"}),
        help_text="; ".join(SHAPES.values()),
    )
