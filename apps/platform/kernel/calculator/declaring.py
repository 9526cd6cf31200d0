"""A pure rule offered on its own: what it takes, what it returns, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apps.platform.kernel.findings import Finding, Findings
from apps.platform.kernel.quantity import parse_decimal
from apps.platform.kernel.tradetime import is_plausible


@dataclass(frozen=True)
class Port:
    """One named input or output of a calculator, with its unit and meaning."""

    name: str
    shape: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Calculator:
    """A named pure rule: JSON values in, JSON values or findings out."""

    name: str
    title: str
    meaning: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    example: Mapping[str, Any]
    compute: Callable[[Mapping[str, Any]], dict[str, Any]]
    requirements: tuple[str, ...] = ()


class Refused(ValueError):
    """The input of a calculator is wrong; it carries every finding."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(f.message for f in findings))
        self.findings = findings


@dataclass
class Document:
    """A JSON object being read: every access notes what is wrong and goes on."""

    body: Mapping[str, Any]
    findings: Findings

    @classmethod
    def open(cls, body: Any, *, known: tuple[str, ...]) -> Document:
        """Start reading; names that the calculator does not know are findings."""
        findings = Findings()
        if not isinstance(body, dict):
            findings.add("CALC-SHAPE", "The input must be one JSON object.")
            raise Refused(findings.rows)
        for name in body:
            if name not in known:
                findings.add(
                    "CALC-UNKNOWN",
                    f"There is no field {str(name)[:60]!r}; the fields are {', '.join(known)}.",
                    column=str(name)[:60],
                )
        return cls(body, findings)

    def number(self, value: Any, at: str, *, minimum: Decimal | None = None) -> Decimal:
        """Return an exact number written as a decimal string, or note a finding and return 0."""
        number = parse_decimal(value) if isinstance(value, str) else None
        if number is None:
            self.findings.add(
                "CALC-NUMBER",
                f'{at} must be a decimal number in quotes, such as "12.50"; got {_shown(value)}.',
                column=at,
            )
            return Decimal(0)
        if minimum is not None and number < minimum:
            self.findings.add("CALC-RANGE", f"{at} must not be below {minimum}.", column=at)
            return Decimal(0)
        return number

    def usd(self, name: str) -> Decimal:
        """Return a required dollar amount of at most two decimals."""
        value = self.get(name)
        if name not in self.body:
            return Decimal(0)
        number = self.number(value, name)
        if number != number.quantize(Decimal("0.01")):
            self.findings.add(
                "CALC-CENTS", f"{name} must not hold fractions of a cent.", column=name
            )
        return number

    def get(self, name: str) -> Any:
        """Return the raw value of a field; a missing one is noted."""
        if name not in self.body:
            self.findings.add("CALC-MISSING", f"The field {name!r} is missing.", column=name)
        return self.body.get(name)

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return a field that must be a JSON object (missing or wrong: noted, and empty)."""
        value = self.get(name)
        if name in self.body and not isinstance(value, dict):
            self.findings.add("CALC-SHAPE", f"{name} must be a JSON object.", column=name)
        return value if isinstance(value, dict) else {}

    def rows(self, name: str) -> list[Any]:
        """Return a field that must be a JSON list (missing or wrong: noted, and empty)."""
        value = self.get(name)
        if name in self.body and not isinstance(value, list):
            self.findings.add("CALC-SHAPE", f"{name} must be a JSON list.", column=name)
        return value if isinstance(value, list) else []

    def day(self, name: str) -> date:
        """Return a required date written YYYY-MM-DD (missing or wrong: noted)."""
        value = self.get(name)
        try:
            found = date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is not None and len(value) == 10 and is_plausible(found):
            return found
        if name in self.body:
            self.findings.add(
                "CALC-DATE",
                f"{name} must be a date written YYYY-MM-DD, such as 2020-05-01; got "
                f"{_shown(value)}.",
                column=name,
            )
        return date(2000, 1, 1)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return a required value that is one of several texts (missing or wrong: noted)."""
        value = self.get(name)
        if name in self.body and (not isinstance(value, str) or value not in choices):
            self.findings.add(
                "CALC-CHOICE", f"{name} must be one of {', '.join(choices)}.", column=name
            )
        return value if isinstance(value, str) and value in choices else choices[0]

    def whole(self, name: str, *, minimum: int, maximum: int) -> int:
        """Return a required whole number, in quotes or not (missing or wrong: noted)."""
        value = self.get(name)
        text = value if isinstance(value, str) else ""
        if isinstance(value, int) and not isinstance(value, bool):
            text = str(value)
        if text.isascii() and text.isdecimal() and len(text) < 10:
            number = int(text)
            if minimum <= number <= maximum:
                return number
        if name in self.body:
            self.findings.add(
                "CALC-WHOLE",
                f"{name} must be a whole number from {minimum} to {maximum}; got {_shown(value)}.",
                column=name,
            )
        return minimum

    def text(self, row: Mapping[str, Any], name: str, at: str) -> str:
        """Return a required non-empty text of a row."""
        value = row.get(name)
        if not isinstance(value, str) or not value.strip():
            self.findings.add("CALC-TEXT", f"{at}.{name} must be a text.", column=f"{at}.{name}")
            return ""
        return value

    def close(self) -> None:
        """Raise Refused where anything was noted."""
        if self.findings.rows:
            raise Refused(self.findings.rows)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "an object"
    return f"{type(value).__name__} {str(value)[:40]}"
