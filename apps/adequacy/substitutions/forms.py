"""Forms of substitution and exemption."""

from __future__ import annotations

from django import forms

from apps.adequacy.substitutions.codes import PARTS, REASON_CODES
from apps.platform.ui.form_fields import NumberField, moment


class SubstitutionForm(forms.Form):
    """A substitution."""

    outage = forms.CharField(label="Outage", max_length=40, help_text="Its MRID, or card 12")
    substitute = forms.CharField(label="Substitute", max_length=40, help_text="Resource ID")
    part = forms.ChoiceField(label="Part", choices=list(PARTS.items()))
    mw = NumberField(label="MW", min_value=0, max_value=100_000, decimal_places=2)
    starts_at = moment("From", required=False, help_text="Pacific time; blank: as the outage")
    ends_at = moment("To", required=False, help_text="Pacific time; blank: as the outage")
    late_reason = forms.CharField(
        label="Why it comes late", max_length=300, required=False, help_text="ISO staff only"
    )


class ExemptionForm(forms.Form):
    """An exemption of an outage."""

    outage = forms.CharField(label="Outage", max_length=40, help_text="Its MRID, or card 12")
    reason_code = forms.ChoiceField(label="Ground", choices=list(REASON_CODES.items()))
    reason = forms.CharField(label="Reason", max_length=500)
    document = forms.FileField(label="Evidence", required=False)
