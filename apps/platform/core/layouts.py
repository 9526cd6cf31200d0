"""The shape of a file row: columns, their types and limits, said once for every reader."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from apps.platform.core.quantity import Quantity
from apps.platform.core.unseen import UNSEEN

IDS = ("resource_id", "sc_id", "lse")
BETWEEN_WORDS = re.compile(r"[\s_\-\u2010-\u2015]+")


def heading_key(text: str) -> str:
    """Return a heading as headings are compared: case, blanks, hyphens and line breaks aside.

    ``DA LMP``, ``da_lmp`` and ``DA_`` over ``LMP`` in one cell are the same heading; so are letters
    of another width, and one with a character that nobody sees.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", UNSEEN.sub("", text))
    return BETWEEN_WORDS.sub("_", text.strip()).strip("_").casefold()


class FieldType(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    CHOICE = "choice"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    INSTANT = "instant"
    LOCAL = "local"


@dataclass(frozen=True)
class Field:
    """One column of a file.

    ``name`` is the column of the typed frame, ``header`` the heading in the file; a heading in
    ``aliases`` is accepted too. Decimals become whole numbers scaled by ``quantity``; ``places``
    may demand fewer decimals than the quantity holds. ``synonyms`` are other spellings of choices,
    or of whole numbers.
    ``code`` names a wrong choice where a rule book has a code of its own for it. ``blanks`` are
    texts that a publisher writes where there is no value. ``default``: what a blank cell is read
    as; the page of the kind says so, and the preview counts such cells. ``missed``: where
    the column is left out, every row is read as the default, and a warning says so.
    ``whole_numbers``: a text that the publisher fills with whole numbers. ``remark``: it says
    something of the row, such as a name or where its figures come from, and is no value that
    anything is made of: it may become blank without a question. How numbers are written
    is the same for every file: see ``core.numbers``.
    """

    name: str
    header: str
    type: FieldType = FieldType.TEXT
    help: str = ""
    required: bool = True
    optional_column: bool = False
    quantity: Quantity | None = None
    places: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    max_length: int = 120
    example: str = ""
    default: str | None = None
    code: str = ""
    blanks: tuple[str, ...] = ()
    whole_numbers: bool = False
    missed: bool = False
    remark: bool = False

    @property
    def heading_keys(self) -> set[str]:
        """The headings that name this column, as ``heading_key`` compares them."""
        return {heading_key(name) for name in (self.header, *self.aliases)}

    @property
    def unit(self) -> str:
        """The unit to show beside the heading, or nothing."""
        return self.quantity.unit if self.quantity else ""

    @property
    def describes(self) -> str:
        """What may stand in a cell, in a few words."""
        match self.type:
            case FieldType.CHOICE:
                return "one of " + ", ".join(self.choices)
            case FieldType.DECIMAL:
                places = self.places if self.places is not None else self.decimals
                return f"number such as 12,450.00, at most {places} decimals"
            case FieldType.INTEGER:
                if self.minimum is not None and self.maximum is not None:
                    return f"whole number, {self.minimum} to {self.maximum}"
                return "whole number"
            case FieldType.DATE:
                return "date, YYYY-MM-DD or MM/DD/YYYY (month first)"
            case FieldType.INSTANT:
                return "UTC time, YYYY-MM-DD HH:MM:SS"
            case FieldType.LOCAL:
                return "Pacific time, YYYY-MM-DD HH:MM or MM/DD/YYYY HH:MM (month first)"
            case _:
                return f"text, at most {self.max_length} characters"

    @property
    def when_blank(self) -> str:
        """What a blank cell means, in a few words."""
        if self.default:
            left_out = " or left out" if self.optional_column else ""
            return f"blank{left_out}: read as {self.default}"
        if self.required and self.default is None:
            return "must be filled"
        return "column may be left out" if self.optional_column else "may be blank: not known"

    @property
    def decimals(self) -> int:
        """How many decimals the stored value keeps."""
        return self.quantity.places if self.quantity else 0


@dataclass(frozen=True)
class FileLayout:
    """A file layout: its fields in order and the columns that together name one row.

    ``unique`` False: the same key may stand in several rows, as in some published lists.
    ``double_code`` names a second row of the same key. ``names_in``: the field that names what a
    row of a published list is about; rows that hold a total or a note there are left out, and so
    are rows of one cell that are notes.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    examples: tuple[dict[str, str], ...] = field(default=())
    unique: bool = True
    double_code: str = "UP-DOUBLE"
    names_in: str = ""

    @property
    def named_in(self) -> str:
        """The field that names what a row is about: the ID in the key where none is declared."""
        key = (n for n in self.key if n in IDS and self.field(n).required)
        return self.names_in or next(key, "")

    @property
    def headers(self) -> list[str]:
        """The headings in the order of the template."""
        return [f.header for f in self.fields]

    def held_by(self, headings: set[str]) -> list[Field]:
        """Return the fields that stand among headings."""
        keys = {heading_key(text) for text in headings}
        return [f for f in self.fields if not keys.isdisjoint(f.heading_keys)]

    def whole_in(self, headings: set[str]) -> bool:
        """Whether every field that a file needs stands among headings."""
        held = self.held_by(headings)
        return all(f in held or f.optional_column for f in self.fields)

    def field(self, name: str) -> Field:
        """Return a field by its name; raises KeyError where the record has none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.name} has no field {name}")
