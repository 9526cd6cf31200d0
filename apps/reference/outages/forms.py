"""The form of an outage card."""

from __future__ import annotations

from django import forms

from apps.platform.core.quantity import MW
from apps.platform.ui.form_fields import NumberField, moment
from apps.reference.outages.codes import NATURES


class OutageForm(forms.Form):
    """An outage."""

    resource = forms.CharField(label="Resource ID", max_length=40)
    outage_type = forms.ChoiceField(
        label="Type", choices=[("FORCED", "Forced"), ("PLANNED", "Planned")]
    )
    nature = forms.ChoiceField(
        label="Nature of work", choices=[(n, n) for n in NATURES], initial="PLANT_TROUBLE"
    )
    curtailed_mw = NumberField(
        label="Curtailed (MW)",
        max_digits=14,
        decimal_places=MW.places,
        help_text="What is out; the rest stays available",
    )
    starts_at = moment("From")
    ends_at = moment("To", required=False, help_text="Pacific time; blank: not known yet")
    reason = forms.CharField(label="Reason", max_length=300)
    mrid = forms.CharField(
        label="OMS outage",
        max_length=40,
        required=False,
        help_text="Its MRID, once known; the public report then stands for the card",
    )
