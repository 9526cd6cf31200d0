"""Fields that forms of every desk share."""

from __future__ import annotations

import io
from typing import Any

from django import forms

from apps.kernel.quantity import USD, Quantity


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


def signed(label: str, *, required: bool = False, help_text: str = "") -> forms.DecimalField:
    """Return a field for dollars of either sign."""
    return forms.DecimalField(
        label=f"{label} ($)", required=required, max_digits=14, decimal_places=USD.places,
        help_text=help_text,
    )  # fmt: skip


def moment(label: str, *, required: bool = True, help_text: str = "Pacific time") -> forms.Field:
    """Return a field for a moment in Pacific time."""
    return forms.DateTimeField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip


class FileOrRows(forms.Form):
    """A file, or its rows pasted."""

    file = forms.FileField(label="File (CSV or XLSX)", required=False)
    rows = forms.CharField(
        label="or rows pasted", required=False, max_length=1_000_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code"}),
        help_text="With the headings of the layout",
    )  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        """One of the two."""
        found = super().clean()
        if found is not None and bool(found.get("file")) == bool((found.get("rows") or "").strip()):
            raise forms.ValidationError("Give a file or rows, one of the two.")
        return found


def file_given(file: Any, rows: str) -> Any:
    """Return the file of a form, or one made of the rows pasted."""
    if not file:
        file = io.BytesIO(rows.encode())
        file.name = "pasted.csv"
    return file
