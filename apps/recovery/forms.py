"""Forms of cost recovery."""

from __future__ import annotations

from django import forms

from apps.kernel.quantity import USD_PER_MWH
from apps.recovery.rules import SHAPE
from apps.recovery.terms import KIND_TITLES
from apps.ui.form_fields import number

HOW = (
    f"Such as: {SHAPE}. Hours may be left out for the whole trade date; words say what it was for."
)


def items_field() -> forms.CharField:
    """Return the field for items, one a line."""
    return forms.CharField(
        label="Items, one a line", max_length=60_000, help_text=HOW,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code"}),
    )  # fmt: skip


class RequestForm(forms.Form):
    """A request with its items."""

    kind = forms.ChoiceField(label="Cost", choices=[(k.value, t) for k, t in KIND_TITLES.items()])
    resource = forms.CharField(label="Resource ID", max_length=40)
    reference = forms.CharField(label="Your own reference", max_length=80, required=False)
    items = items_field()
    reason = forms.CharField(
        label="Why", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What made the cost rise above what the ISO calculates.",
    )  # fmt: skip


class ItemsForm(forms.Form):
    """Other items of a draft; earlier ones are kept."""

    items = items_field()


class RecommendForm(forms.Form):
    """A cost basis where the ISO's daily one is missing or wrong."""

    basis = number("Cost basis", USD_PER_MWH, help_text="Empty: the ISO's daily cost basis.")


class ApproveForm(forms.Form):
    """What is approved of single items."""

    granted = forms.CharField(
        label="Approved of single items", required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "code"}),
        help_text="Item number and dollars, one a line, such as 2 400.00. Items that are not "
        "named are approved in full.",
    )  # fmt: skip
