"""Tables made from a screen, and the one way a value is written for people."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import django_tables2
from django.db.models import CharField, TextField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from apps.platform.core.quantity import Quantity
from apps.platform.ui.screens import Column, Row, Screen

DASH = "–"
SENTENCE = 200
LONG = 40


def write(value: Any, quantity: Quantity | None = None) -> str:
    """Write a value for people: numbers with separators, times in Pacific time, ranges as from-to.

    An upper bound of days is shown as the last day that is inside.
    """
    if value is None or value == "":
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return quantity.text(value) if quantity else format(value, "f")
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d %H:%M")
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        return _range(value)
    return str(value)


def moment(value: datetime) -> SafeString:
    """Write a moment in Pacific time, with UTC for whoever points at it."""
    utc = value.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        utc.isoformat(),
        utc.strftime("%Y-%m-%d %H:%M:%S"),
        write(value),
    )


def _range(value: Any) -> str:
    if value.isempty:
        return "never"
    upper = value.upper
    if upper is not None and not isinstance(upper, datetime):
        upper -= timedelta(days=1)
    return f"{write(value.lower)} → {write(upper) if upper is not None else 'open'}"


class ScreenColumn(django_tables2.Column):  # type: ignore[misc]  # it has no types
    """A cell of a screen: formatted by the field's unit, linked where the screen says so."""

    def __init__(self, screen: Screen, column: Column) -> None:
        self.declared = column
        self.unit = screen.quantity(column.path)
        numeric = self.unit is not None or screen.field(column.path).get_internal_type() in {
            "IntegerField",
            "BigIntegerField",
            "PositiveIntegerField",
            "PositiveSmallIntegerField",
        }
        align = "num" if numeric else "txt"
        broken = " breaks" if screen.is_range(column.path) or column.breaks else ""
        broken = " why" if _is_sentence(screen.field(column.path)) else broken
        super().__init__(
            verbose_name=screen.label(column),
            accessor=column.path,
            order_by=(column.path,),
            default=DASH,
            attrs={"td": {"class": align + broken}, "th": {"class": align, "title": column.help}},
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> ScreenColumn:
        """Return a shallow copy: a table takes one of every column, and changes nothing inside."""
        return copy(self)

    def render(self, value: Any, record: Row, table: Any) -> Any:
        """Return the cell's text, as a link where the column leads somewhere."""
        text: Any = moment(value) if isinstance(value, datetime) else write(value, self.unit)
        if self.declared.text:
            text = self.declared.text(record)
        if value in ("SYNTHETIC", True) and self.declared.path.endswith("is_synthetic"):
            return SafeString('<span class="tag tag-synthetic">SYNTHETIC</span>')
        if self.declared.path in {"state", "outcome", "severity"}:
            return format_html('<span class="tag tag-{}">{}</span>', text.lower(), text)
        address = self.declared.address(record, getattr(table, "viewer", None))
        if address:
            return format_html('<a href="{}">{}</a>', address, text)
        long = len(text) > LONG and self.unit is None and not isinstance(text, SafeString)
        return format_html('<span title="{}">{}</span>', text, text) if long else text


def _is_sentence(field: Any) -> bool:
    """Whether a field holds sentences, which a page shows whole in several lines."""
    if getattr(field, "choices", None) or not isinstance(field, (CharField, TextField)):
        return False
    return (field.max_length or SENTENCE) >= SENTENCE


class ScreenTable(django_tables2.Table):  # type: ignore[misc]  # it has no types
    """The base of every screen's table: dictionaries in, no query of its own."""

    class Meta:
        template_name = "ui/_table.html"


def table_class(screen: Screen) -> type[ScreenTable]:
    """Return the table of a screen."""
    columns: dict[str, Any] = {c.path: ScreenColumn(screen, c) for c in screen.all_columns}
    return type(f"{screen.name}Table", (ScreenTable,), columns)
