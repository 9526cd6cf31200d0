"""How a number is written by people: one reading for files, forms, commands and calculators.

A comma groups thousands and nothing else, and only where nobody could take it for a decimal sign.
``12,450.00`` and ``1,234,567`` are numbers; ``31,91``, ``1.234,56`` and ``12,450`` are refused with
what would be accepted: in the first two the comma is a decimal sign, and the last means twelve and
a half to one reader and twelve thousand to another.
"""

from __future__ import annotations

import re
from decimal import Decimal

from apps.platform.core.unseen import UNSEEN, sign_of

# in the syntax that Python, the column reader and JSON Schema share
WHOLE = r"[0-9]{1,15}"
PLAIN = re.compile(rf"[+-]?(?:{WHOLE}(?:\.[0-9]{{1,12}})?|\.[0-9]{{1,12}})")


def unsigned(places: int) -> str:
    """Return the pattern of a clear number without its sign, of at most so many decimals."""
    grouped = rf"[0-9]{{1,3}}(?:(?:,[0-9]{{3}}){{1,4}}\.[0-9]{{0,{places}}}|(?:,[0-9]{{3}}){{2,4}})"
    return rf"\$?(?:{WHOLE}(?:\.[0-9]{{0,{places}}})?|\.[0-9]{{1,{places}}}|{grouped})"


MOST_DECIMALS_READ = 24
WHOLE_NUMBER = re.compile(rf"[+-]?{WHOLE}(?:\.0+)?")
NUMBER_PATTERN = rf"[+-]?{unsigned(MOST_DECIMALS_READ)}"
NUMBER = re.compile(NUMBER_PATTERN)
COMMA_SENTENCE = (
    "a comma may only group thousands before a decimal point, as in 12,450.00; "
    "a decimal sign is a point, as in 31.91"
)


MOST_SHOWN = 40
MINUS_IN_FRONT = "a negative number has its minus sign in front, as in -12.50"
GROUPS = "thousands are grouped by commas before a decimal point, as in 12,450.00, or not at all"
HINTS = (
    (re.compile(r"[\d.,\s$]+[-\u2010-\u2015\u2212]|\(.*\)|\$\s*-.*"), MINUS_IN_FRONT),
    (re.compile(r"[\u2010-\u2015\u2212].*"), "the minus sign is a hyphen, as in -12.50"),
    (re.compile(r".*%"), "a percent sign is not read: write the number in the column's own unit"),
    (re.compile(r"[-+]?[\d.]+[eE][-+]?\d+"), "write it in full, as in 0.000071 or 12450"),
    (re.compile(r"[-+$]*\d+(?:[\s'’_.]\d+)+(?:[.,]\d*)?"), GROUPS),
    (re.compile(r".*[^\d.,\s$+-].*", re.S), "write the number alone, without words or other signs"),
)


MINUS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
ENCLOSED = re.compile(r"\$?\(.*\)", re.S)
MARKED = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,12}){0,5}")
GROUPED = {
    ",": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+"),
    ".": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+"),
}


class UnclearNumber(ValueError):
    """A text is no number, or one that two readers would take for two amounts."""


def hint(text: str) -> str:
    """Return how a text that is no clear number would be written, or nothing that helps."""
    words = text.strip()
    if hidden := UNSEEN.search(words):
        return f"it holds the invisible character {sign_of(hidden[0])[1:-1]}: type it anew"
    if "," in words:
        return COMMA_SENTENCE
    return next((said for shape, said in HINTS if shape.fullmatch(words)), "")


def read_number(text: str) -> Decimal:
    """Return the exact number that a person wrote.

    Taken: a sign, a leading dollar sign, digits with or without groups, ``.52`` and ``52.``. Blanks
    around it do not count. Refused: decimal commas, a lone group, exponents, parentheses, percent,
    a sign behind, a minus sign that is no hyphen, blanks or marks between digits, NaN and infinity.
    Raises UnclearNumber with a sentence that says what to write.
    """
    words = text.strip()
    if NUMBER.fullmatch(words):
        return Decimal(words.replace("$", "").replace(",", ""))
    shown, told = repr(words[:MOST_SHOWN]), hint(words)
    if told == COMMA_SENTENCE:
        raise UnclearNumber(f"{shown} is not a clear number: {told}.")
    raise UnclearNumber(
        f"{shown} is not a number such as 12450.00 or 12,450.00{'; ' + told if told else ''}."
    )


def readings(text: str) -> list[str]:
    """Return the clear numbers that an unclear text may mean, for a person to choose from.

    A comma or point as decimal sign and as sign of groups, blanks and marks between groups of
    three, a minus sign behind, in parentheses or of another script. Nothing is read by itself:
    ``12,450`` gives 12450 and 12.450.
    """
    if NUMBER.fullmatch(text.strip()):
        return []
    words = UNSEEN.sub("", text).strip()
    negative = words[:1] in MINUS or words[-1:] in MINUS or ENCLOSED.fullmatch(words) is not None
    plain = re.sub(r"[\s'’_]", "", words.strip(f"()$+ {MINUS}"))
    if not MARKED.fullmatch(plain):
        return []
    found = []
    for point, group in ((".", ","), (",", ".")):
        whole, _, rest = plain.partition(point)
        if (group in whole and not GROUPED[group].fullmatch(whole)) or not rest.isdecimal():
            continue
        found.append(f"{whole.replace(group, '')}.{rest}")
    found += [plain.replace(sign, "") for sign, shape in GROUPED.items() if shape.fullmatch(plain)]
    if plain.isdecimal():
        found.append(plain)
    return list(dict.fromkeys(f"-{n}" if negative else n for n in found if PLAIN.fullmatch(n)))


def read_whole(text: str) -> int:
    """Return the whole number that a person wrote, such as 12, +3, -3 or 7.0.

    As in files: no groups, no marks between digits, plain digits alone. Raises UnclearNumber with
    a sentence that says what to write.
    """
    words = text.strip()
    if WHOLE_NUMBER.fullmatch(words):
        return int(words.partition(".")[0])
    raise UnclearNumber(f"{words[:MOST_SHOWN]!r} is not a whole number such as 12.")


def read_key(text: str) -> int | None:
    """Return the number of a row that an address or a form names, None where it names none.

    Plain digits, at most 18 of them: more are no key of a table, and would fail at the database.
    """
    return int(text) if len(text) < 19 and text.isascii() and text.isdecimal() else None
