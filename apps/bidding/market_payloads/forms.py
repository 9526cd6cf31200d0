"""The form of an exceptional dispatch."""

from __future__ import annotations

from django import forms

from apps.bidding.market_payloads.codes import INSTRUCTIONS
from apps.platform.core.quantity import MW
from apps.platform.ui.form_fields import NumberField, moment


class DispatchForm(forms.Form):
    """An exceptional dispatch."""

    resource = forms.CharField(label="Resource ID", max_length=40)
    instruction = forms.ChoiceField(
        label="Instruction type", choices=[(c, f"{c}: {t}") for c, t in INSTRUCTIONS.items()]
    )
    market = forms.ChoiceField(label="Market", choices=[("DA", "Day-ahead"), ("RT", "Real-time")])
    mw = NumberField(label="To (MW)", min_value=0, max_digits=14, decimal_places=MW.places)
    starts_at = moment("From")
    ends_at = moment("To", required=False)
    reason = forms.CharField(label="Reason", max_length=300)
    ra_or_cpm = forms.BooleanField(
        label="Has resource adequacy or CPM capacity",
        required=False,
        help_text="Until resource adequacy plans are on file, the operator says so",
    )
