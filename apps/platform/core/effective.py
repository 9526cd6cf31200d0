"""Parameters that change by date: declared here, valued in the database, resolved once a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.platform.core.declarations import Declaration, ParameterRefused
from apps.platform.core.registry import Registry
from apps.platform.core.tradetime import Span


class ParameterMissing(LookupError):
    """A parameter has no value on a trade date; the sentence names both."""


class ParameterUndeclared(LookupError):
    """Code asks for a parameter that no file declares."""


@dataclass(frozen=True)
class Parameter:
    """A parameter as code asks for it; what it is stands in a ``parameters.yaml``."""

    name: str

    @property
    def declaration(self) -> Declaration:
        """What its file says of it; raises ParameterUndeclared where none does."""
        found = PARAMETERS.get(self.name)
        if found is None:
            raise ParameterUndeclared(f"No parameters.yaml declares the parameter {self.name!r}.")
        return found

    @property
    def title(self) -> str:
        """Its label."""
        return self.declaration.title

    @property
    def type(self) -> str:
        """Its type: decimal, integer, date or choice."""
        return self.declaration.type

    @property
    def unit(self) -> str:
        """Its unit, empty where it has none."""
        return self.declaration.shown_unit

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice."""
        return self.declaration.choices

    @property
    def reference(self) -> str:
        """Where it comes from."""
        return self.declaration.source

    @property
    def brq(self) -> str:
        """The requirements it serves."""
        return ", ".join(self.declaration.requirements)

    @property
    def help(self) -> str:
        """Its meaning where the label does not say it all."""
        return self.declaration.meaning

    def read(self, text: str) -> Any:
        """Return the typed value of a text; raises ParameterRefused with a sentence."""
        return self.declaration.read(text)


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
    "core.parameters",
    meaning="Parameters that can be given dated values on the parameters page.",
    of=Declaration,
    key=lambda declaration: declaration.name,
    order=lambda declaration: declaration.name,
)
ASKED = Registry(
    "core.parameters_asked",
    meaning="Parameters that code asks for; each must be declared in a file.",
    of=Parameter,
    key=lambda parameter: parameter.name,
    open_because="a rule may be imported when it is first needed",
)


def parameter(name: str) -> Parameter:
    """Return the parameter of a name, for the code that asks for its values.

    Raises ParameterUndeclared after start-up; before it, ``take_declarations`` does.
    """
    found = ASKED.get(name) or ASKED.register(Parameter(name), depth=2)
    if len(PARAMETERS):
        _ = found.declaration
    return found


def take_declarations(declarations: Iterable[Declaration]) -> None:
    """Hold what the files declare; raises ParameterUndeclared for a name that code asks beside."""
    PARAMETERS.register(*declarations)
    for asked in ASKED:
        _ = asked.declaration


def declared() -> list[Parameter]:
    """Return every declared parameter in name order."""
    return [Parameter(declaration.name) for declaration in PARAMETERS]


def declared_parameter(name: str) -> Parameter:
    """Return a declared parameter; raises KeyError for an unknown name."""
    return Parameter(PARAMETERS[name].name)


def asked_names() -> set[str]:
    """Return the names that code asks for."""
    return set(ASKED.keys())


__all__ = [
    "ASKED",
    "PARAMETERS",
    "Declaration",
    "Parameter",
    "ParameterMissing",
    "ParameterRefused",
    "ParameterSet",
    "ParameterUndeclared",
    "Value",
    "asked_names",
    "declared",
    "declared_parameter",
    "parameter",
    "take_declarations",
]
