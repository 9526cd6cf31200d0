"""The form of a credit."""

from __future__ import annotations

from django import forms

from apps.adequacy.credits.codes import KINDS
from apps.platform.ui.form_fields import NumberField, WholeField


class CreditForm(forms.Form):
    """A credit of an RMR resource."""

    resource = forms.CharField(label="Resource ID", max_length=40)
    kind = forms.ChoiceField(label="Kind", choices=list(KINDS.items()))
    category = WholeField(label="Flexible category", min_value=1, max_value=3, required=False)
    mw = NumberField(label="Credit (MW)", min_value=0, max_value=100_000, decimal_places=2)
    tac_areas = forms.CharField(
        label="TAC areas",
        max_length=80,
        required=False,
        help_text="With semicolons between; blank: of a local credit the "
        "TAC area of its local area, else all",
    )
    ra_year = WholeField(label="RA year", min_value=1998, max_value=2199)
    ra_month = WholeField(
        label="RA month",
        min_value=1,
        max_value=12,
        required=False,
        help_text="Blank: the annual process",
    )
    reference = forms.CharField(label="Reference", max_length=300)
    override_reason = forms.CharField(
        label="Override reason",
        max_length=300,
        required=False,
        help_text="Only where kind, category, TAC areas, NQC or EFC do not allow the credit, or no "
        "NQC, EFC or Pmax is on file: why it is right all the same. The approver sees it.",
    )
