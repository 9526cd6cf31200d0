"""What is done to a cell of a right file, and what reading may then say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.platform.core.layouts import FieldType

DECIMAL, INTEGER, CHOICE = FieldType.DECIMAL, FieldType.INTEGER, FieldType.CHOICE
DATE, INSTANT, LOCAL, TEXT = FieldType.DATE, FieldType.INSTANT, FieldType.LOCAL, FieldType.TEXT
EVERY = frozenset(FieldType)
REFUSED, SAME = "refused", "same"


@dataclass(frozen=True)
class Mutation:
    """A spoiled cell: ``write`` makes it of the right text; ``becomes`` says what is read of it.

    ``becomes``: REFUSED, SAME for the value of the right text, or a function of the field to the
    typed value; a value that a limit of the column forbids may be refused instead.
    """

    name: str
    types: frozenset[FieldType]
    write: Callable[[str], str]
    becomes: object = REFUSED


def to(text):
    """Return a writer of one text."""
    return lambda right: text


def number(value):
    """Return the typed value of a number in a field's own steps."""
    return lambda field: int(Decimal(value).scaleb(field.decimals))


def _refused(types, *texts):
    return [Mutation(ascii(t), frozenset(types), to(t)) for t in texts]


ERROR_WORDS = ("#N/A", "#REF!", "#DIV/0!", "#NAME?", "#WERT!", "#NV", "Err:504", "######")
UNCLEAR = (
    "31,91",
    "1.234,56",
    "12,450",
    "1,23,456.00",
    "(12.50)",
    "12.50-",
    "12.5%",
    "1e3",
    "\u22125",
    "12 450.00",
    "12\u00a0450.00",
    "12\u202f450.00",
    "1'250.00",
    "5\u200b",
    "12.5 MW",
    "12.5 kWh",
    "n/a",
    "-",
    "NaN",
    "\u0663",
    "TRUE",
)
MUTATIONS = [
    *_refused(EVERY, *ERROR_WORDS),
    *_refused({DECIMAL}, *UNCLEAR),
    *_refused({INTEGER}, "1.5", "1,000", "1e1", "01X", "\u0661", "1\u200b"),
    *_refused({DATE}, "31.12.2024", "2024-13-01", "20240904", "45539", "4-Sep-24", "2024-9"),
    *_refused({INSTANT, LOCAL}, "yesterday", "2024-13-01 01:00", "45539.25", "2024-09-04T25:00"),
    *_refused({CHOICE}, "?", "0.5", "maybe"),
    *_refused({TEXT}, "A\x07B"),
    Mutation("grouped", frozenset({DECIMAL}), to("12,450.00"), number("12450")),
    Mutation("grouped twice", frozenset({DECIMAL}), to("1,234,567"), number("1234567")),
    Mutation("dollars", frozenset({DECIMAL}), to("$12.50"), number("12.5")),
    Mutation("no leading 0", frozenset({DECIMAL}), to(".5"), number("0.5")),
    Mutation("a sign", frozenset({DECIMAL}), to("-3.5"), number("-3.5")),
    Mutation("month first", frozenset({DATE}), to("09/04/2024"), date(2024, 9, 4)),
    Mutation("small letters", frozenset({CHOICE}), str.lower, SAME),
    Mutation("blanks around", EVERY, lambda right: f"\u00a0 {right} ", SAME),
    Mutation("an odd sign", frozenset({TEXT}), lambda right: f"{right}\u200b", "as written"),
    Mutation("accents", frozenset({TEXT}), lambda right: f"{right}é–“", "as written"),
    Mutation("blank", EVERY, to(""), "blank"),
]
