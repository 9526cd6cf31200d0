"""Forms of disputes."""

from __future__ import annotations

from django import forms

from apps.platform.ui.form_fields import case_number, signed


class DisputeForm(forms.Form):
    """A line of a statement and what it should say."""

    statement = case_number("Statement")
    line = case_number("Line")
    should_be = signed(
        "The line should be",
        help_text="In full, with its sign. Leave it empty for a placeholder that holds the window.",
    )
    reason = forms.CharField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Which quantity or price is wrong, and what shows it. Documents can be added "
        "once the dispute is filed.",
    )


class FigureForm(forms.Form):
    """The figure of a placeholder."""

    should_be = signed("The line should be", required=True, help_text="In full, with its sign.")


class AcceptForm(forms.Form):
    """What is granted, and the run that corrects it."""

    granted = signed("Granted", help_text="Empty: all that is asked.")
    correct_in = forms.CharField(
        label="Corrected in",
        required=False,
        max_length=12,
        help_text="Such as T+70B, or OPTIONAL. Empty: the next run of the trade date.",
    )
