"""Forms of the costs desk."""

from __future__ import annotations

from django import forms

from apps.bidding.costs.codes import ORIGINS, AdderKind, CostType
from apps.platform.core.quantity import COST, MW, SHARE, Quantity
from apps.platform.ui.form_fields import NumberField, WholeField, case_number, day


def amount_field(
    label: str, unit: Quantity, *, required: bool = True, help_text: str = "", least: int | None = 0
) -> NumberField:
    """Return a field for an exact quantity."""
    return NumberField(
        label=label,
        required=required,
        min_value=least,
        max_digits=16,
        decimal_places=unit.places,
        help_text=help_text,
    )


def resource_field() -> forms.CharField:
    """Return a field for a resource ID."""
    return forms.CharField(label="Resource ID", max_length=40)


def config_field(label: str = "Configuration", help_text: str = "") -> forms.CharField:
    """Return an optional field for a configuration of a multi-stage resource."""
    return forms.CharField(label=label, max_length=40, required=False, help_text=help_text)


class AdderForm(forms.Form):
    """A cost adder."""

    resource = resource_field()
    kind = forms.ChoiceField(label="Adder", choices=[(k.value, k.value) for k in AdderKind])
    config = config_field(help_text="Blank: of the whole resource")
    to_config = config_field("To configuration", "Of a transition only")
    amount = amount_field(
        "Amount ($)", COST, help_text="A start, run-hour, transition or MWh", least=None
    )
    origin = forms.ChoiceField(label="Origin", choices=[(o, o) for o in ORIGINS])
    first_date = day("From trade date")
    last_date = day("To trade date", required=False)
    reference = forms.CharField(label="Reference", max_length=300)


class RegionForm(forms.Form):
    """A fuel region of its own index and volatility."""

    region = forms.CharField(label="Fuel region", max_length=20)
    index = forms.CharField(label="Fuel index", max_length=60, help_text="Such as PGE_CITYGATE")
    volatility = amount_field("Volatility scalar", SHARE, help_text="1 where there is none")
    first_date = day("From trade date")
    last_date = day("To trade date", required=False)
    reference = forms.CharField(label="Reference", max_length=300)


ASKED = (CostType.ENERGY, CostType.START_UP, CostType.MIN_LOAD)


class ReferenceLevelForm(forms.Form):
    """A reference level change."""

    timing = forms.ChoiceField(
        label="When",
        choices=[
            ("EX_ANTE", "Before the market (ex-ante)"),
            ("EX_POST", "After, with documents (ex-post)"),
        ],
    )
    resource = resource_field()
    trade_date = day("Trade date")
    market = forms.ChoiceField(label="Market", choices=[("DA", "Day-ahead"), ("RT", "Real-time")])
    first_hour = WholeField(label="From hour ending", min_value=1, max_value=25, initial=1)
    last_hour = WholeField(
        label="To hour ending",
        min_value=1,
        max_value=25,
        required=False,
        help_text="Blank: the last hour of the day",
    )
    cost_type = forms.ChoiceField(label="Cost", choices=[(t.value, t.value) for t in ASKED])
    config = config_field()
    at_mw = amount_field("At output (MW)", MW, required=False, help_text="Of an energy cost")
    requested = amount_field(
        "Cost asked for ($)", COST, help_text="A MWh, start or run-hour", least=None
    )
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea)
    follows = case_number("Follows ex-ante request no.", required=False)


class PartForm(forms.Form):
    """How much of a request is approved."""

    approved = amount_field("Approved ($)", COST)
