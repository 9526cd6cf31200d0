"""A table of rows to fill in, with a sum: dates, hours, dollars and words instead of a syntax.

It works without script: rows are added and removed by the server, and what the rows add up to is
shown before anything is kept. ``static/js/rows.js`` does both at once in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string

from apps.platform.core.quantity import in_dollars
from apps.platform.core.typed_rows import TypedRows
from apps.platform.core.violations import ValidationFailed

MOST_ROWS = 400
CHANGE = re.compile(r"(add|drop):([a-z_]{1,40})(?::(\d{1,3}))?")


@dataclass(frozen=True)
class EditorCell:
    """One cell of a row. ``kind``: date, hour, money, text, or shown (told, not typed)."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""


@dataclass(frozen=True)
class ReadRows:
    """Rows as the server read them, and what they add up to as people write it."""

    rows: Sequence[Mapping[str, str]]
    total: str


class RowEditor(forms.Widget):
    """Rows of cells and a box to paste lines into. ``fixed``: rows come from the case alone."""

    def __init__(
        self, *, cells: Sequence[EditorCell], total: str = "", paste: str = "", fixed: bool = False
    ) -> None:
        super().__init__()
        self.cells, self.total, self.paste, self.fixed = tuple(cells), total, paste, fixed
        self.faults: dict[int, list[str]] = {}
        self.shown_total = ""

    def __deepcopy__(self, memo: dict[int, Any]) -> RowEditor:
        """Give each form faults of its own: a form class and its widgets serve every request."""
        copied: RowEditor = super().__deepcopy__(memo)
        copied.faults = {}
        return copied

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was typed: rows that are not blank, and the text; a text from programs."""
        found: dict[int, dict[str, str]] = {}
        names = "|".join(cell.name for cell in self.cells)
        key = re.compile(rf"{re.escape(name)}-(\d{{1,3}})-({names})")
        for given in data:
            if match := key.fullmatch(str(given)):
                found.setdefault(int(match[1]), {})[match[2]] = str(data[given]).strip()
        rows = tuple(found[n] for n in sorted(found) if any(found[n].values()))
        return TypedRows(rows[:MOST_ROWS], str(data.get(name) or "")) if found else data.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether nothing of the field was sent."""
        return not any(str(key) == name or str(key).startswith(f"{name}-") for key in data)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> Any:
        """Draw the rows, each with its faults, at least one, and the box for lines."""
        typed = value if isinstance(value, TypedRows) else TypedRows(text=str(value or ""))
        rows = typed.rows or (() if self.fixed else ({},))
        context = {
            "name": name,
            "editor": self,
            "text": typed.text,
            "shown_total": self.shown_total,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "rows": [
                (
                    number,
                    [(cell, row.get(cell.name, "")) for cell in self.cells],
                    self.faults.get(number + 1, []),
                )
                for number, row in enumerate(rows)
            ],
        }
        return render_to_string("ui/_rows.html", context)


class RowsField(forms.CharField):
    """A field of rows, or a text of programs. ``read`` says what the rows are and add up to.

    ``read`` raises ValidationFailed for rows it cannot read; without it no sum is shown before
    saving.
    """

    widget: RowEditor

    def __init__(
        self, *, editor: RowEditor, read: Callable[[Any], ReadRows] | None = None, **kwargs: Any
    ) -> None:
        self.read = read
        super().__init__(widget=editor, strip=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return what was typed; nothing is read yet."""
        if not isinstance(value, TypedRows):
            return super().to_python(value)
        return value if value else ""

    def run_validators(self, value: Any) -> None:
        """Hold the text to its length; rows are held by who reads them."""
        super().run_validators(value.text if isinstance(value, TypedRows) else value)

    def row_fault(self, number: int, sentence: str) -> None:
        """Show a fault beneath a row."""
        self.widget.faults.setdefault(number, []).append(sentence)


def rows_changed(form: type[forms.Form], data: Any) -> forms.Form | None:
    """Return a form with a row more or less, where that is what was asked for; nothing is kept."""
    asked = CHANGE.fullmatch(str(data.get("rows", "")))
    if asked is None or not isinstance(form.base_fields.get(asked[2]), RowsField):
        return None
    values = {n: f.widget.value_from_datadict(data, {}, n) for n, f in form.base_fields.items()}
    typed = values[asked[2]]
    rows = list(typed.rows) if isinstance(typed, TypedRows) else []
    if asked[1] == "add":
        dated = rows[-1].get("trade_date", "") if rows else ""
        rows.append({"trade_date": dated} if dated else {})
    elif asked[3] and int(asked[3]) < len(rows):
        del rows[int(asked[3])]
    text = typed.text if isinstance(typed, TypedRows) else str(typed or "")
    return form(initial={**values, asked[2]: TypedRows(tuple(rows[:MOST_ROWS]), text)})


def unseen_total(form: forms.Form, data: Any) -> forms.Form | None:
    """Return the form with what its rows add up to, where the person has not been shown that sum.

    Rows stand in it as they were read. None where the sum was shown, or the rows cannot be read:
    then whoever keeps them says what is wrong.
    """
    for name, field in form.fields.items():
        if not isinstance(field, RowsField) or field.read is None:
            continue
        try:
            found = field.read(form.cleaned_data[name])
        except ValidationFailed:
            continue
        if str(data.get(f"{name}-total", "")) != found.total:
            again = type(form)(initial={**form.cleaned_data, name: TypedRows(tuple(found.rows))})
            editor: Any = again.fields[name].widget
            editor.shown_total = found.total
            return again
    return None


def totals_shown(form: forms.Form) -> list[str]:
    """Return the sentences about sums a person is shown before saving."""
    return [
        f"{field.widget.total} {in_dollars(field.widget.shown_total)}: check the rows, then save."
        for field in form.fields.values()
        if isinstance(field, RowsField) and field.widget.shown_total
    ]
