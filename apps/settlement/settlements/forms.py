"""Forms of negotiated penalties and legacy invoices."""

from __future__ import annotations

from django import forms

from apps.platform.core.quantity import USD
from apps.platform.ui.form_fields import day, number


class PenaltyForm(forms.Form):
    """A negotiated penalty of a contract for a trade date."""

    contract_no = forms.CharField(label="Contract", max_length=40)
    trade_date = day("Trade date")
    amount = number("Penalty", USD)
    reference = forms.CharField(
        label="Grounds",
        max_length=300,
        help_text="Section of the contract and how it was worked out",
    )


class LegacyInvoiceForm(forms.Form):
    """An invoice of a legacy contract for a month."""

    contract_no = forms.CharField(label="Contract", max_length=40)
    month = day("Month", help_text="Its first day")
    amount = number("Amount", USD)
    reference = forms.CharField(label="Invoice", max_length=120, help_text="The owner's number")
