"""Forms of CPM."""

from __future__ import annotations

from django import forms

from apps.adequacy.cpm.codes import REASONS, SOLICITATIONS, TYPES
from apps.platform.core.quantity import SHARE, USD_PER_KW_MONTH
from apps.platform.ui.form_fields import NumberField, case_number, day, moment

TYPE_FIELD = [(k, v) for k, v in TYPES.items()]


def price_field(label: str, *, required: bool = True, help_text: str = "") -> NumberField:
    """Return a field for a price in $/kW-month."""
    return NumberField(
        label=f"{label} ({USD_PER_KW_MONTH.unit})",
        required=required,
        min_value=0,
        max_digits=12,
        decimal_places=USD_PER_KW_MONTH.places,
        help_text=help_text,
    )


def mw_field(label: str) -> NumberField:
    """Return a field for megawatts."""
    return NumberField(label=f"{label} (MW)", min_value=0, max_value=100_000, decimal_places=2)


class SolicitationForm(forms.Form):
    """A solicitation."""

    kind = forms.ChoiceField(label="Solicitation", choices=list(SOLICITATIONS.items()))
    type = forms.ChoiceField(label="Designation type", choices=TYPE_FIELD)
    reason = forms.ChoiceField(label="Reason", choices=list(REASONS.items()))
    first_date = day("From")
    last_date = day("To")
    need_mw = mw_field("Need")
    local_area = forms.CharField(
        label="Local area", max_length=20, required=False, help_text="Its code; blank: system"
    )
    closes_at = moment("Offers until")
    text = forms.CharField(label="What for", max_length=500)


class OfferForm(forms.Form):
    """An offer."""

    solicitation = case_number("Solicitation no.")
    resource = forms.CharField(label="Resource ID", max_length=40)
    mw = mw_field("Offered")
    price = price_field("Price")
    docket = forms.CharField(
        label="FERC docket",
        max_length=40,
        required=False,
        help_text="For an offer above the soft-offer cap",
    )
    gffc = price_field(
        "Going-forward fixed cost",
        required=False,
        help_text="For an offer above the cap; kept with the adder",
    )


class RateForm(forms.Form):
    """How effective an offer is."""

    effectiveness = NumberField(
        label="Effectiveness",
        min_value=0,
        max_value=1,
        decimal_places=SHARE.places,
        help_text="MW of the need that an offered MW meets, 0 to 1",
    )


class ApprovedPriceForm(forms.Form):
    """What FERC approved."""

    approved_price = price_field("Approved price")
    approved_on = day("Approved on")
    docket = forms.CharField(label="FERC docket", max_length=40)


class CpmDesignationForm(forms.Form):
    """A designation to be offered at the cap."""

    resource = forms.CharField(label="Resource ID", max_length=40)
    type = forms.ChoiceField(label="Designation type", choices=TYPE_FIELD)
    reason = forms.ChoiceField(label="Reason", choices=list(REASONS.items()))
    part = forms.ChoiceField(label="Part", choices=[("GENERIC", "Generic"), ("FLEX", "Flexible")])
    mw = mw_field("Designated")
    first_date = day("From")
    last_date = day("To")
    text = forms.CharField(label="What for", max_length=500)


class CpmPriceForm(forms.Form):
    """Another price of a designation."""

    designation = case_number("Designation no.")
    price = price_field("Price")
    first_date = day("First trade date")
    last_date = day("Last trade date")
    docket = forms.CharField(label="FERC docket", max_length=40, required=False)
    reference = forms.CharField(label="Reference", max_length=300)
