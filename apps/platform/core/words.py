"""Numbers of things in a sentence."""

from __future__ import annotations


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
