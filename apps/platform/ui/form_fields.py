"""Fields that forms of every desk share."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

from django import forms

from apps.platform.core.days import NoSuchDay, read_day
from apps.platform.core.numbers import UnclearNumber, read_number, read_whole
from apps.platform.core.quantity import USD, Quantity

MONTH_FIRST = "%m/%d/%Y"
# beside those of ISO 8601; a year of two digits could be a day
MOMENTS = [
    f"{day}{time}"
    for day in ("%Y-%m-%d", MONTH_FIRST)
    for time in (" %H:%M:%S", " %H:%M:%S.%f", " %H:%M", "")
]
MOMENT = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})(?![0-9])")
STROKES = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")


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


class WholeField(forms.IntegerField):
    """A whole number in plain digits, as in files: ``1_0`` is none."""

    def to_python(self, value: Any) -> Any:
        """Return the whole number, or None where the field is blank."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(None if isinstance(value, str) else value)
        try:
            return read_whole(value)
        except UnclearNumber as unclear:
            raise forms.ValidationError(str(unclear), "invalid") from unclear


class DayField(forms.DateField):
    """A day written YYYY-MM-DD, or month first with slashes as in files.

    What is no day is told why.
    """

    def __init__(self, **words: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}), input_formats=[MONTH_FIRST], **words
        )

    def to_python(self, value: Any) -> Any:
        """Return the day, or None where the field is blank."""
        if isinstance(value, str) and value.strip() and "/" not in value:
            try:
                return read_day(value)
            except NoSuchDay as trouble:
                raise forms.ValidationError(str(trouble), "invalid") from trouble
        if isinstance(value, str) and value.strip() and not STROKES.fullmatch(value.strip()):
            raise forms.ValidationError(
                f"{value.strip()[:20]} is no day; write it YYYY-MM-DD, such as 2024-09-04, or "
                "MM/DD/YYYY.",
                "invalid",
            )
        return super().to_python(value)


class MomentField(forms.DateTimeField):
    """A moment in Pacific time whose day is written as in files, with a year of four digits."""

    def to_python(self, value: Any) -> Any:
        """Return the moment, or None where the field is blank."""
        if isinstance(value, str) and value.strip() and not MOMENT.match(value.strip()):
            raise forms.ValidationError(
                f"{value.strip()[:20]} is no moment; write it YYYY-MM-DD HH:MM, or "
                "MM/DD/YYYY HH:MM.",
                "invalid",
            )
        return super().to_python(value)


def day(label: str, *, required: bool = True, help_text: str = "") -> DayField:
    """Return a field for a date."""
    return DayField(label=label, required=required, help_text=help_text)


def case_number(label: str, *, required: bool = True, help_text: str = "") -> WholeField:
    """Return a field for the number of a case."""
    return WholeField(
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
    return MomentField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=MOMENTS,
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
