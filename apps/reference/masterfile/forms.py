"""The form of a change of SC."""

from __future__ import annotations

from django import forms


class TransferForm(forms.Form):
    """A resource is another SC's from a day on."""

    resource = forms.CharField(label="Resource ID", max_length=40)
    to_sc = forms.CharField(label="New SC", max_length=30)
    first_date = forms.DateField(
        label="From trade date",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The present SC keeps every day before it",
    )
    reference = forms.CharField(label="Reference", max_length=300)
