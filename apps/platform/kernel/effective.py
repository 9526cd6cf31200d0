"""Parameters that change by date: declared here, valued in the database, resolved once a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from apps.platform.kernel.quantity import parse_decimal
from apps.platform.kernel.registry import Registry
from apps.platform.kernel.tradetime import Span


class ParameterMissing(LookupError):
    """A parameter has no value on a trade date; the sentence names both."""


class ParameterRefused(ValueError):
    """A proposed value does not fit the declaration."""


@dataclass(frozen=True)
class Parameter:
    """A declared parameter: its name, type, unit and where it comes from, never its value.

    type: ``decimal``, ``date``, ``choice`` or ``integer``.
    """

    name: str
    title: str
    type: str
    reference: str
    brq: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    help: str = ""

    def read(self, text: str) -> Any:
        """Return the typed value of a text; raises ParameterRefused with a sentence."""
        text = text.strip()
        if self.type == "choice":
            if text not in self.choices:
                raise ParameterRefused(f"{text!r} is not one of {', '.join(self.choices)}.")
            return text
        if self.type == "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise ParameterRefused(f"{text!r} is not a date written YYYY-MM-DD.") from None
        number = parse_decimal(text)
        if number is None:
            raise ParameterRefused(f"{text!r} is not a plain decimal number.")
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
class Value:
    """One value of a parameter over a span of trade dates, with its reference."""

    name: str
    text: str
    span: Span
    reference: str
    id: int = 0


@dataclass
class ParameterSet:
    """The values of parameters as known at one moment; it remembers which ones were asked for."""

    values: Mapping[str, Iterable[Value]]
    asked: dict[tuple[str, str], Value] = field(default_factory=dict)

    def value_at(self, parameter: Parameter, day: date) -> Value:
        """Return the dated value in force on a day; raises ParameterMissing where none is."""
        for value in self.values.get(parameter.name, ()):
            if day in value.span:
                self.asked[parameter.name, value.text] = value
                return value
        raise ParameterMissing(
            f"Parameter {parameter.name} ({parameter.title}) has no value for {day}. "
            "Propose one on the parameters page and have it approved."
        )

    def at(self, parameter: Parameter, day: date) -> Any:
        """Return the typed value in force on a day."""
        return parameter.read(self.value_at(parameter, day).text)

    def column(self, parameter: Parameter, days: Iterable[date]) -> list[Any]:
        """Return the typed values of several days."""
        return [self.at(parameter, day) for day in days]

    def used(self) -> list[Value]:
        """Every value asked for so far, in name order."""
        return [self.asked[key] for key in sorted(self.asked)]


PARAMETERS = Registry(
    "kernel.parameters",
    meaning="Parameters that can be given dated values on the parameters page.",
    of=Parameter,
    key=lambda parameter: parameter.name,
    order=lambda parameter: parameter.name,
)


def declare(parameter: Parameter) -> Parameter:
    """Add a parameter to the list that the parameters page offers; names are unique."""
    return PARAMETERS.register(parameter, depth=2)


def declared() -> list[Parameter]:
    """Return every declared parameter in name order."""
    return list(PARAMETERS)


def declared_parameter(name: str) -> Parameter:
    """Return a declared parameter; raises KeyError for an unknown name."""
    return PARAMETERS[name]
