"""Fields that forms of every desk share."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from django import forms

from apps.platform.core.days import NoSuchDay, read_day
from apps.platform.core.numbers import UnclearNumber, read_number
from apps.platform.core.quantity import USD, Quantity


class NumberField(forms.DecimalField):
    """A number as people write it, ``12,450.00`` included; see ``core.numbers``.

    The box takes text: a browser's own number box drops a comma without a word, and 31,91 would
    become 3191.
    """

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """Return the exact number, or None where the field is blank."""
        if value in self.empty_values or isinstance(value, (int, float, Decimal)):
            return super().to_python(value)
        try:
            return read_number(str(value)) if str(value).strip() else None
        except UnclearNumber as unclear:
            sentence = str(unclear)
            raise forms.ValidationError(sentence[0].upper() + sentence[1:], "invalid") from unclear

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for their number keys."""
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off"}


class DayField(forms.DateField):
    """A day written YYYY-MM-DD, or month first with slashes as in files.

    What is no day is told why.
    """

    def __init__(self, **words: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **words)

    def to_python(self, value: Any) -> Any:
        """Return the day, or None where the field is blank."""
        if isinstance(value, str) and value.strip() and "/" not in value:
            try:
                return read_day(value)
            except NoSuchDay as trouble:
                raise forms.ValidationError(str(trouble), "invalid") from trouble
        return super().to_python(value)


def day(label: str, *, required: bool = True, help_text: str = "") -> DayField:
    """Return a field for a date."""
    return DayField(label=label, required=required, help_text=help_text)


def case_number(label: str, *, required: bool = True, help_text: str = "") -> forms.IntegerField:
    """Return a field for the number of a case."""
    return forms.IntegerField(
        label=label, required=required, help_text=help_text, min_value=1, max_value=2**31
    )


def number(label: str, unit: Quantity, *, help_text: str = "") -> NumberField:
    """Return an optional field for an exact quantity that is not negative."""
    return NumberField(
        label=f"{label} ({unit.unit})",
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=unit.places,
        help_text=help_text,
    )


def signed(label: str, *, required: bool = False, help_text: str = "") -> NumberField:
    """Return a field for dollars of either sign."""
    return NumberField(
        label=f"{label} ($)",
        required=required,
        max_digits=14,
        decimal_places=USD.places,
        help_text=help_text,
    )


def moment(label: str, *, required: bool = True, help_text: str = "Pacific time") -> forms.Field:
    """Return a field for a moment in Pacific time."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


class FileOrRows(forms.Form):
    """A file, or its rows pasted."""

    file = forms.FileField(label="File (CSV or XLSX)", required=False)
    rows = forms.CharField(
        label="or rows pasted",
        required=False,
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code"}),
        help_text="With the headings of the layout",
    )

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
