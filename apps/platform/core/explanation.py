"""An explanation of one number: formula, numbers put into it, rounding, parameters, sources."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from apps.platform.core.formula import Formula


@dataclass(frozen=True)
class Operand:
    """A number in a formula: its symbol, meaning, value as text, unit, and where it came from."""

    symbol: str
    meaning: str
    value: str
    unit: str = ""
    source: str = ""
    link: str = ""


@dataclass(frozen=True)
class CalculationStep:
    """One line of the calculation: a formula, the numbers in place, and the outcome."""

    title: str
    formula: str
    substituted: str
    result: str
    unit: str = ""
    note: str = ""
    brq: str = ""


@dataclass(frozen=True)
class SourceRow:
    """An uploaded row that the number rests on."""

    label: str
    dataset: str
    version: int
    line_no: int
    value: str
    unit: str = ""
    link: str = ""


@dataclass(frozen=True)
class UsedParameter:
    """A parameter value the rule asked for, with its reference."""

    name: str
    title: str
    value: str
    reference: str
    link: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why a number is what it is.

    ``formula``: its formula in the numbers as shown. ``reproduced`` is true where calculating
    anew, and working that formula out, both gave the stored amount. ``held``: which missing or
    outdated inputs leave it without an amount; none where it has one.
    """

    title: str
    sentence: str
    amount: str
    unit: str
    operands: list[Operand] = field(default_factory=list)
    steps: list[CalculationStep] = field(default_factory=list)
    parameters: list[UsedParameter] = field(default_factory=list)
    rows: list[SourceRow] = field(default_factory=list)
    requirements: list[str] = field(default_factory=list)
    reproduced: bool = False
    formula: Formula | None = None
    held: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values; ``held`` is left out where nothing is."""
        told = asdict(self)
        if not self.held:
            del told["held"]
        return told
