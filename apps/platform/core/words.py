"""Numbers of things, and days, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

MOST_SPANS = 4


def plural(noun: str) -> str:
    """Return the plural of an English noun that follows the usual rules: days, changes of SC."""
    head, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(head)}{of}{rest}"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def counted(number: int, noun: str) -> str:
    """Return how many there are of something: 1 row, 2,000 rows."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def spans_of(days: Iterable[date]) -> str:
    """Write days as spans, a few of them: ``2025-07-01 to 2025-07-03, 2025-07-07``."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [str(r[0]) if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs]
    more = sum(len(r) for r in runs[MOST_SPANS:])
    return ", ".join(said[:MOST_SPANS]) + (f" and {counted(more, 'more day')}" if more else "")
