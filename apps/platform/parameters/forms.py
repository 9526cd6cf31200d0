"""The form to propose a parameter value."""

from __future__ import annotations

from django import forms

from apps.platform.core.effective import declared
from apps.platform.ui.form_fields import DayField

DATE = forms.DateInput(attrs={"type": "date"})


class ProposalForm(forms.Form):
    """A value, the trade dates it is for, its reference and the reason."""

    name = forms.ChoiceField(label="Parameter")
    text = forms.CharField(label="Value", max_length=120)
    first_date = DayField(label="First trade date")
    last_date = DayField(label="Last trade date", required=False, help_text="Blank: no end.")
    reference = forms.CharField(max_length=300, help_text="Tariff section, BPM, order or ADR.")
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["name"].choices = [(p.name, f"{p.name}: {p.title}") for p in declared()]  # type: ignore[attr-defined]
