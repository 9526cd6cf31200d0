"""Forms of clearing and credit."""

from __future__ import annotations

from django import forms

from apps.platform.ui.form_fields import case_number, day, signed
from apps.settlement.clearing.codes import CREDIT_TITLES


class ReceiptForm(forms.Form):
    """Money received."""

    sc = forms.CharField(label="SC", max_length=40)
    amount = signed("Received", required=True)
    received_on = day("Received on")
    bank_reference = forms.CharField(label="Bank reference", max_length=80)


class PaymentDateForm(forms.Form):
    """A payment date to be prepared."""

    day = day("Payment date", help_text="A day on which invoices are due, not later than today.")


class LossForm(forms.Form):
    """A default to be shared by all."""

    default = case_number("Default no.")
    amount = signed("Loss", help_text="Empty: all that creditors still wait for.")
    reference = forms.CharField(label="Grounds", max_length=300)


class CreditEntryForm(forms.Form):
    """A limit, a security, an adjustment, or money for the reserve."""

    kind = forms.ChoiceField(label="What", choices=[(k.value, t) for k, t in CREDIT_TITLES.items()])
    sc = forms.CharField(
        label="SC", max_length=40, required=False, help_text="None for the reserve."
    )
    amount = signed("Amount", required=True, help_text="Only an adjustment may be below 0.")
    first_date = day("From")
    last_date = day("To", required=False)
    reference = forms.CharField(label="Grounds", max_length=300)
