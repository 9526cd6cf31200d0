"""What an input of a calculator may be: each kind is read exactly, or refused with a sentence.

A kind stands in the annotation of a field; ``field`` says what the field means and its unit.
Numbers are decimal texts, never binary floats; a sentence of a kind goes on where the name of the
field stops.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, cast

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from apps.platform.core.days import NoSuchDay, read_day
from apps.platform.core.numbers import UnclearNumber, hint, read_number, unsigned
from apps.platform.core.tradetime import is_plausible

WHOLE = re.compile(r"-?[0-9]{1,9}")
MOST_PLACES = 12
DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
CENTS = 2


def field(meaning: str, *, unit: str = "", alias: str | None = None, default: Any = ...) -> Any:
    """Declare a field: its meaning and unit; ``alias`` where its name is a word of Python.

    A field without ``default`` has to be given.
    """
    return Field(default, description=meaning, alias=alias, json_schema_extra={"x-unit": unit})


def wrong(code: str, sentence: str) -> PydanticCustomError:
    """Return the error of a value; the sentence goes on behind the name of the field."""
    # the stubs ask for texts written in the code; no context is given, so braces stay as they are
    return PydanticCustomError(cast(Any, code), cast(Any, sentence))


class FieldKind(ABC):
    """A kind of value: how it is read, and what its JSON looks like."""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Return the value of what stands in the document; raises the error of ``wrong``."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.schema()


@dataclass(frozen=True)
class Number(FieldKind):
    """An exact decimal in quotes, with its limits and how many decimals it may hold."""

    least: int | None = None
    above: int | None = None
    places: int | None = None
    code: str = "CALC-DECIMALS"

    def read(self, value: Any) -> Decimal:
        """Return the exact number of a text, read as ``core.numbers`` reads what people write."""
        try:
            number = read_number(value if isinstance(value, str) else "")
        except UnclearNumber:
            told = hint(value) if isinstance(value, str) else ""
            raise wrong(
                "CALC-NUMBER",
                f'must be a decimal number in quotes, such as "12.50"; got {shown(value)}'
                f"{': ' + told if told else ''}.",
            ) from None
        if self.least is not None and number < self.least:
            raise wrong("CALC-RANGE", f"must not be below {self.least}.")
        if self.above is not None and number <= self.above:
            raise wrong("CALC-RANGE", f"must be above {self.above}.")
        if -int(number.as_tuple().exponent) > MOST_PLACES:
            raise wrong("CALC-DECIMALS", f"holds at most {MOST_PLACES} decimals.")
        if self.places is not None and number != number.quantize(Decimal(1).scaleb(-self.places)):
            if self.code == "CALC-CENTS":
                raise wrong(self.code, "must not hold fractions of a cent.")
            raise wrong(self.code, f"holds at most {self.places} decimals.")
        return number

    def schema(self) -> dict[str, Any]:
        """Return the schema of a decimal text; the pattern leaves a sign out where none may be."""
        signed = self.least is None and self.above is None
        limits = [
            f"{word} {limit}"
            for word, limit in (("at least", self.least), ("above", self.above))
            if limit is not None
        ]
        if self.places is not None:
            limits.append(f"at most {self.places} decimals")
        found = {
            "type": "string",
            "format": "decimal",
            "pattern": f"^{'[+-]?' if signed else '[+]?'}({unsigned(MOST_PLACES)})$",
        }
        return {**found, "x-limits": ", ".join(limits)} if limits else found


@dataclass(frozen=True)
class Whole(FieldKind):
    """A whole number between two limits, in quotes or not."""

    least: int
    most: int

    def read(self, value: Any) -> int:
        """Return the whole number."""
        text = value if isinstance(value, str) else ""
        if isinstance(value, int) and not isinstance(value, bool):
            text = str(value)
        if WHOLE.fullmatch(text) and self.least <= int(text) <= self.most:
            return int(text)
        raise wrong(
            "CALC-WHOLE",
            f"must be a whole number from {self.least} to {self.most}; got {shown(value)}.",
        )

    def schema(self) -> dict[str, Any]:
        """Return the schema of a whole number with its limits."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class OneOf(FieldKind):
    """One of several texts."""

    def __init__(self, *choices: str) -> None:
        self.choices = tuple(str(choice) for choice in choices)

    def read(self, value: Any) -> str:
        """Return the text, as it stands among the choices."""
        if isinstance(value, str) and value in self.choices:
            return value
        raise wrong("CALC-CHOICE", f"must be one of {', '.join(self.choices)}.")

    def schema(self) -> dict[str, Any]:
        """Return the schema of the choices."""
        return {"type": "string", "enum": list(self.choices)}


class TextKind(FieldKind):
    """A text that is not blank."""

    def read(self, value: Any) -> str:
        """Return the text as it was written."""
        if isinstance(value, str) and value.strip():
            return value
        raise wrong("CALC-TEXT", "must be a text.")

    def schema(self) -> dict[str, Any]:
        """Return the schema of a text."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class FlagKind(FieldKind):
    """True or false; no word or number stands for one of them."""

    code: str = "CALC-CHOICE"

    def read(self, value: Any) -> bool:
        """Return the truth value."""
        if isinstance(value, bool):
            return value
        raise wrong(self.code, "must be true or false.")

    def schema(self) -> dict[str, Any]:
        """Return the schema of a truth value."""
        return {"type": "boolean"}


class DayKind(FieldKind):
    """A date written YYYY-MM-DD."""

    def read(self, value: Any) -> date:
        """Return the date."""
        try:
            found = read_day(value) if isinstance(value, str) else None
        except NoSuchDay as trouble:
            raise wrong("CALC-DATE", f"must be a date; {trouble}") from None
        if found is not None and len(value) == 10 and is_plausible(found):
            return found
        raise wrong(
            "CALC-DATE",
            f"must be a date written YYYY-MM-DD, such as 2020-05-01; got {shown(value)}.",
        )

    def schema(self) -> dict[str, Any]:
        """Return the schema of a date."""
        return {"type": "string", "format": "date", "pattern": f"^{DAY}$"}


@dataclass(frozen=True, eq=False)  # compared as itself, so that it can stand in any annotation
class ReadBy(FieldKind):
    """A value that one calculator alone reads in its own way."""

    reader: Callable[[Any], Any]
    shape: Mapping[str, Any]

    def read(self, value: Any) -> Any:
        """Return what the reader makes of the value."""
        return self.reader(value)

    def schema(self) -> dict[str, Any]:
        """Return the schema that the calculator gives."""
        return dict(self.shape)


Amount = Annotated[Decimal, Number()]
NotNegative = Annotated[Decimal, Number(least=0)]
Positive = Annotated[Decimal, Number(above=0)]
Usd = Annotated[Decimal, Number(places=CENTS, code="CALC-CENTS")]
NotNegativeUsd = Annotated[Decimal, Number(least=0, places=CENTS, code="CALC-CENTS")]
Text = Annotated[str, TextKind()]
Flag = Annotated[bool, FlagKind()]
Day = Annotated[date, DayKind()]


def shown(value: Any) -> str:
    """Write what stood in a document, short enough for a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "an object"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    return f"the value {str(value)[:40]}"
