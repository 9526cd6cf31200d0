"""Read a day as people and programs write it, and say what is wrong with one that is none."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import date

WRITTEN = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


class NoSuchDay(ValueError):
    """A text is no day; the sentence says why and what to write."""


def read_day(text: str) -> date:
    """Return the day of a text written YYYY-MM-DD; raises NoSuchDay with what is wrong."""
    text = text.strip()
    parts = WRITTEN.fullmatch(text)
    try:
        if parts is None or len(text) != len("2024-09-04"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise NoSuchDay(_why(text, parts)) from None


def _why(text: str, parts: re.Match[str] | None) -> str:
    if not text:
        return "Give a day, written YYYY-MM-DD such as 2024-09-04."
    if parts is not None:
        year, month, day = map(int, parts.groups())
        if not 1 <= month <= 12:
            return f"There is no day {text}: a year has months 01 to 12."
        if year and not 1 <= day <= (last := monthrange(year, month)[1]):
            return f"There is no day {text}: {month_name[month]} {year} has {last} days."
    return f"{text[:20]} is no day; write it YYYY-MM-DD, such as 2024-09-04."
