"""Forms of notices, affidavits and referrals."""

from __future__ import annotations

from django import forms

from apps.platform.core.quantity import MW
from apps.platform.documents.codes import PAPER_HELP
from apps.platform.ui.form_fields import DayField, NumberField, WholeField
from apps.reliability.retirements.codes import RETURN_REASONS, LongTermState

LEAVING = [(s.value, s.value) for s in (LongTermState.MOTHBALLED, LongTermState.RETIRED)]


def paper() -> forms.FileField:
    """Return a field for an affidavit that may come later."""
    return forms.FileField(label="Affidavit", required=False, help_text=PAPER_HELP)


class NoticeForm(forms.Form):
    """A notice of retirement or mothball."""

    resource = forms.CharField(label="Resource ID", max_length=40, strip=True)
    owner = forms.CharField(
        label="Owner", max_length=120, help_text="As it is to stand on the public list"
    )
    state_before = forms.ChoiceField(
        label="State now",
        choices=[(s.value, s.value) for s in (LongTermState.OPERATING, LongTermState.MOTHBALLED)],
    )
    state_requested = forms.ChoiceField(label="State asked for", choices=LEAVING[::-1])
    notice_date = DayField(label="Date of the notice")
    requested_date = DayField(
        label="Requested date",
        help_text="From mothballed to retired at least 90 days after the notice",
    )
    capacity_mw = NumberField(
        label="Capacity (MW)",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=MW.places,
        help_text="Only where no Pmax is on file",
    )
    reason = forms.CharField(
        label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = paper()


class AffidavitForm(forms.Form):
    """The affidavit that takes a notice back."""

    notice = WholeField(label="Notice no.", min_value=1, max_value=2**31)
    reason_code = forms.ChoiceField(
        label="Reason", choices=[(r.value, t) for r, t in RETURN_REASONS.items()]
    )
    justification = forms.CharField(
        label="Justification",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What changed since the notice",
    )
    return_date = DayField(label="Back on")
    document = paper()


class ReferralForm(forms.Form):
    """A referral to market monitoring."""

    notice = WholeField(label="Notice no.", min_value=1, max_value=2**31)
    why = forms.CharField(
        label="What seems wrong", max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
