"""Template tags: write values as tables do, badges for states, chart containers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.platform.core.formula import written as written_exactly
from apps.platform.core.quantity import QUANTITIES, in_dollars, parse_decimal
from apps.platform.core.quantity import dollars as amount
from apps.platform.core.violations import ViolationGroup
from apps.platform.core.violations import grouped as grouped_of
from apps.platform.core.words import counted, plural
from apps.platform.ui.tables import DASH, moment, write

register = template.Library()


@register.filter
def written(value: Any, code: str = "") -> str:
    """Write a value for people, in a unit where one is named: ``{{ amount|written:"USD" }}``.

    A moment is written in Pacific time and tells UTC when pointed at.
    """
    if isinstance(value, datetime):
        return moment(value)
    return write(value, QUANTITIES.get(code))


@register.filter
def with_unit(value: Any, code: str = "") -> str:
    """Write a value with its unit: ``27.50 MW``, ``297.00 $/MW-day``, ``$12,450.00``."""
    found = QUANTITIES.get(code)
    if found is None or not isinstance(value, Decimal):
        return written(value, code)
    return amount(value, found) if found.unit == "$" else f"{found.text(value)} {found.unit}"


@register.simple_tag
def sort_rank(table: Any, name: str) -> int:
    """Return the place of a column in a sort by several columns; nothing for a sort by one."""
    names = [str(alias).lstrip("-") for alias in table.order_by]
    return names.index(name) + 1 if len(names) > 1 and name in names else 0


@register.filter
def noun(number: Any, word: str) -> str:
    """Return a word in the number that goes with a count: ``{{ n }} {{ n|noun:"row" }}``."""
    return word if number == 1 else plural(word)


@register.filter(name="counted")
def counted_words(number: int, word: str) -> str:
    """Write how many there are of something: ``{{ n|counted:"row" }}`` gives 1 row, 2 rows."""
    return counted(number, word)


@register.filter(name="grouped_violations")
def grouped_violations(rows: Any) -> list[ViolationGroup]:
    """Return violations with the same said once; see ``core.violations``."""
    return grouped_of(rows)


@register.filter
def percent(value: Decimal | None) -> str:
    """Write a share in percent with two decimals."""
    return "" if value is None else f"{value * 100:,.2f} %"


@register.filter
def usd(value: Decimal | None) -> str:
    """Write dollars with two decimals, a minus sign for payments."""
    return write(value, QUANTITIES["USD"])


@register.filter
def dollars(value: Decimal | str | None, code: str = "USD") -> str:
    """Write an amount that stands alone: ``$12,450.00``, ``-$831.37``; columns use ``usd``."""
    number = parse_decimal(value) if isinstance(value, str) else value
    return str(value or DASH) if number is None else amount(number, QUANTITIES[code])


@register.filter
def beside(text: str, unit: str) -> str:
    """Write a number's text with its unit: ``5 MW``, ``$831.37``."""
    return in_dollars(str(text)) if unit == "$" else f"{text} {unit}".rstrip()


@register.filter
def exact(value: Fraction | str | None, places: int = 6) -> str:
    """Write an exact number, kept as one or as text, with at most so many decimals."""
    return "" if value in (None, "") else written_exactly(Fraction(value), places)


@register.filter
def state(value: str) -> SafeString:
    """Show a state as a coloured word."""
    return format_html('<span class="tag tag-{}">{}</span>', str(value).lower(), value)


@register.simple_tag
def synthetic(flag: bool = True) -> SafeString | str:
    """Mark invented figures; nothing where the figure is real."""
    if not flag:
        return ""
    return format_html(
        '<span class="tag tag-synthetic" title="{}">SYNTHETIC</span>',
        "Invented for the demo from a fixed seed; not a published figure",
    )


@register.filter
def dictkey(mapping: Any, key: str) -> Any:
    """Return the value under a key that is no valid template name, or nothing."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.filter
def grouped(text: str) -> str:
    """Write a decimal text with thousands separators; other texts stay as they are."""
    number = parse_decimal(str(text))
    return f"{number:,f}" if number is not None else str(text)
