"""Fields that forms of every desk share."""

from __future__ import annotations

from django import forms

from apps.kernel.quantity import Quantity


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Return a field for a date."""
    return forms.DateField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip


def case_number(label: str, *, required: bool = True, help_text: str = "") -> forms.IntegerField:
    """Return a field for the number of a case."""
    return forms.IntegerField(
        label=label, required=required, help_text=help_text, min_value=1, max_value=2**31
    )


def number(label: str, unit: Quantity, *, help_text: str = "") -> forms.DecimalField:
    """Return an optional field for an exact quantity that is not negative."""
    return forms.DecimalField(
        label=f"{label} ({unit.unit})", required=False, min_value=0, max_digits=14,
        decimal_places=unit.places, help_text=help_text,
    )  # fmt: skip


def moment(label: str, *, required: bool = True, help_text: str = "Pacific time") -> forms.Field:
    """Return a field for a moment in Pacific time."""
    return forms.DateTimeField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
