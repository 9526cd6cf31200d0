"""How a number is written by people: one reading for files, forms, commands and calculators.

A comma groups thousands and nothing else, and only where nobody could take it for a decimal sign.
``12,450.00`` and ``1,234,567`` are numbers; ``31,91``, ``1.234,56`` and ``12,450`` are refused with
what would be accepted: in the first two the comma is a decimal sign, and the last means twelve and
a half to one reader and twelve thousand to another.
"""

from __future__ import annotations

import re
from decimal import Decimal

WHOLE = r"[0-9]{1,15}"
GROUPED = r"[0-9]{1,3}(?:(?:,[0-9]{3}){1,4}\.[0-9]*|(?:,[0-9]{3}){2,4})"
# in the syntax that Python and the column reader share
PLAIN = re.compile(rf"[+-]?(?:{WHOLE}(?:\.[0-9]{{1,12}})?|\.[0-9]{{1,12}})")
NUMBER_PATTERN = rf"[+-]?\$?(?:{WHOLE}(?:\.[0-9]*)?|\.[0-9]+|{GROUPED})"
NUMBER = re.compile(NUMBER_PATTERN)
COMMA_SENTENCE = (
    "a comma may only group thousands before a decimal point, as in 12,450.00; "
    "a decimal sign is a point, as in 31.91"
)


class UnclearNumber(ValueError):
    """A text is no number, or one that two readers would take for two amounts."""


def read_number(text: str) -> Decimal:
    """Return the exact number that a person wrote.

    Taken: a sign, a leading dollar sign, digits with or without groups, ``.52`` and ``52.``. Blanks
    around it do not count. Refused: decimal commas, a lone group, exponents, parentheses, a sign
    behind, NaN and infinity. Raises UnclearNumber with a sentence that says what to write.
    """
    words = text.strip()
    if NUMBER.fullmatch(words):
        return Decimal(words.replace("$", "").replace(",", ""))
    if "," in words:
        raise UnclearNumber(f"{words[:40]!r} is not a clear number: {COMMA_SENTENCE}.")
    raise UnclearNumber(f"{words[:40]!r} is not a number such as 12450.00 or 12,450.00.")


def read_key(text: str) -> int | None:
    """Return the number of a row that an address or a form names, None where it names none.

    Plain digits, at most 18 of them: more are no key of a table, and would fail at the database.
    """
    return int(text) if len(text) < 19 and text.isascii() and text.isdecimal() else None
