"""What a parameter is: its declaration as data, checked, and how a value of it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from apps.platform.core.calculator import OneOf, Text, field
from apps.platform.core.calculator.reading import violations_of
from apps.platform.core.days import NoSuchDay, read_day
from apps.platform.core.numbers import UnclearNumber, read_number
from apps.platform.core.quantity import parse_decimal
from apps.platform.core.violations import Violation

NUMBERS = ("decimal", "integer")
TYPES = (*NUMBERS, "date", "choice")
NO_UNIT = "none"


class ParameterRefused(ValueError):
    """A proposed value does not fit the declaration."""


class DeclarationsWrong(ValueError):
    """Files that declare parameters are wrong; one line for each mistake, with file and line."""


class Declaration(BaseModel):
    """A declared parameter: name, type, unit and where it comes from, never its value.

    Every field is a text, or a list of texts, as it stands in the file: limits stay exact.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text = field("Dotted, unique: the app or subject, and what it is.")
    title: Text = field("Its label.")
    type: Annotated[str, OneOf(*TYPES)] = field("What a value is.")
    unit: Text = field("Unit of a number, or none.", default=NO_UNIT)
    choices: tuple[Text, ...] = field("The values of a choice.", default=())
    minimum: Text | None = field("Least value of a number.", default=None)
    maximum: Text | None = field("Greatest value of a number.", default=None)
    meaning: str = field("What the label does not say.", default="")
    source: Text = field("Document and section it comes from.")
    requirements: tuple[Text, ...] = field("Requirement ids.")

    @property
    def shown_unit(self) -> str:
        """The unit as screens show it, empty where there is none."""
        return "" if self.unit == NO_UNIT else self.unit

    def check(self) -> Iterable[Violation]:
        """Return what does not fit together."""
        number = self.type in NUMBERS
        if number and "unit" not in self.model_fields_set:
            yield _wrong("unit", f"a number has a unit; write unit: {NO_UNIT} where it has none.")
        if not number and self.unit != NO_UNIT:
            yield _wrong("unit", f"a {self.type} has no unit.")
        if (self.type == "choice") != bool(self.choices):
            yield _wrong("choices", "a choice, and nothing else, names its choices.")
        for name in ("minimum", "maximum"):
            limit = getattr(self, name)
            if limit is not None and (not number or parse_decimal(limit) is None):
                yield _wrong(name, f"{limit!r} is no plain decimal limit of a number.")
                return
        if (
            self.minimum is not None
            and self.maximum is not None
            and Decimal(self.minimum) > Decimal(self.maximum)
        ):
            yield _wrong("minimum", "the least value is above the greatest.")

    def read(self, text: str) -> Any:
        """Return the typed value of a text; raises ParameterRefused with a sentence."""
        text = text.strip()
        if self.type == "choice":
            if text not in self.choices:
                raise ParameterRefused(f"{text!r} is not one of {', '.join(self.choices)}.")
            return text
        if self.type == "date":
            try:
                return read_day(text)
            except NoSuchDay as trouble:
                raise ParameterRefused(str(trouble)) from None
        try:
            number = read_number(text)
        except UnclearNumber as unclear:
            raise ParameterRefused(str(unclear)) from None
        self._bounded(number)
        if self.type == "integer":
            if number != number.to_integral_value():
                raise ParameterRefused(f"{text!r} is not a whole number.")
            return int(number)
        return number

    def _bounded(self, number: Decimal) -> None:
        if self.minimum is not None and number < Decimal(self.minimum):
            raise ParameterRefused(f"{number} is below the least value, {self.minimum}.")
        if self.maximum is not None and number > Decimal(self.maximum):
            raise ParameterRefused(f"{number} is above the greatest value, {self.maximum}.")


@dataclass(frozen=True)
class FileEntry:
    """One entry of a file: its values, and the line of each and of the whole."""

    file: str
    line: int
    values: Any
    lines: Mapping[str, int]


def declarations_of(entries: Iterable[FileEntry]) -> list[Declaration]:
    """Return the declarations of entries; raises DeclarationsWrong with every mistake."""
    found: dict[str, tuple[Declaration, FileEntry]] = {}
    mistakes: list[str] = []
    for entry in entries:
        try:
            one = Declaration.model_validate(entry.values)
            wrong = list(one.check())
        except ValidationError as error:
            wrong = violations_of(error, list(Declaration.model_fields))
        if wrong:
            mistakes += [_said(entry, violation) for violation in wrong]
        elif one.name in found:
            first = found[one.name][1]
            mistakes.append(
                f"{entry.file}:{entry.line}: {one.name} is declared already, "
                f"at {first.file}:{first.line}."
            )
        else:
            found[one.name] = (one, entry)
    if mistakes:
        raise DeclarationsWrong("\n".join(mistakes))
    return [one for one, _ in found.values()]


def _wrong(name: str, sentence: str) -> Violation:
    return Violation("PARAMETER", f"{name}: {sentence}", column=name)


def _said(entry: FileEntry, violation: Violation) -> str:
    top = violation.column.split("[")[0].split(".")[0]
    return f"{entry.file}:{entry.lines.get(top, entry.line)}: {violation.message}"
