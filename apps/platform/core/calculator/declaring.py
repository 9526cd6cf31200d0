"""A pure rule offered on its own: what it takes, what it returns, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from apps.platform.core.calculator.reading import Inputs, Outputs, Refused, violations_of
from apps.platform.core.calculator.shapes import Port, ports_of, schema_of
from apps.platform.core.registry import Registry

Given = TypeVar("Given", bound=Inputs)


@dataclass(frozen=True)
class Calculator(Generic[Given]):
    """A named pure rule: JSON values in, JSON values or violations out.

    inputs and outputs: the models from which the page, the schema of the API and the command line
    follow. compute: the rule, given inputs that can be read and fit together.
    """

    name: str
    title: str
    meaning: str
    inputs: type[Given]
    outputs: type[Outputs]
    example: Mapping[str, Any]
    compute: Callable[[Given], dict[str, Any]]
    requirements: tuple[str, ...] = ()

    def calculate(self, body: Any) -> dict[str, Any]:
        """Return the outcome of a JSON value; raises Refused with everything that is wrong."""
        return self.compute(self.read(body))

    def read(self, body: Any) -> Given:
        """Return the inputs of a JSON value; raises Refused with everything that is wrong."""
        try:
            inputs = self.inputs.model_validate(body)
        except ValidationError as error:
            names = [port.name for port in self.takes]
            raise Refused(violations_of(error, names)) from None
        if found := list(inputs.check()):
            raise Refused(found)
        return inputs

    @cached_property
    def takes(self) -> tuple[Port, ...]:
        """The inputs for people, with shape, unit and meaning."""
        return ports_of(self.inputs)

    @cached_property
    def gives(self) -> tuple[Port, ...]:
        """The outputs for people."""
        return ports_of(self.outputs)

    @cached_property
    def request_schema(self) -> dict[str, Any]:
        """JSON Schema of the inputs, with the example."""
        return {**schema_of(self.inputs), "title": self.name, "example": dict(self.example)}

    @cached_property
    def answer_schema(self) -> dict[str, Any]:
        """JSON Schema of the outputs."""
        return {**schema_of(self.outputs), "title": self.name}


CALCULATORS: Registry[Calculator[Any]] = Registry(
    "core.calculators",
    meaning="Rules that people, scripts and the API try on numbers of their own.",
    of=Calculator,
    key=lambda calculator: calculator.name,
)
