"""The form of a change of SC."""

from __future__ import annotations

from django import forms

from apps.platform.ui.form_fields import DayField


class TransferForm(forms.Form):
    """A resource is another SC's from a day on."""

    resource = forms.CharField(label="Resource ID", max_length=40)
    to_sc = forms.CharField(label="New SC", max_length=30)
    first_date = DayField(
        label="From trade date", help_text="The present SC keeps every day before it"
    )
    reference = forms.CharField(label="Reference", max_length=300)
