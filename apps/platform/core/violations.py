"""Violations: everything wrong, or worth saying, about a row. They are collected, never raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

MOST_LINES, MOST_VALUES = 5, 3


class Severity(StrEnum):
    """How much a violation weighs: an error blocks, a warning is accepted, info informs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)  # a file may have hundreds of thousands
class Violation:
    """One remark. ``line`` is the row number as a spreadsheet shows it (0: the whole file)."""

    code: str
    message: str
    line: int = 0
    column: str = ""
    severity: Severity = Severity.ERROR
    value: str = ""

    def as_dict(self) -> dict[str, str | int]:
        """Return the violation as plain JSON values."""
        return {**asdict(self), "severity": self.severity.value}


@dataclass
class Violations:
    """A growing collection of violations."""

    rows: list[Violation] = field(default_factory=list)

    def add(
        self,
        code: str,
        message: str,
        *,
        line: int = 0,
        column: str = "",
        severity: Severity = Severity.ERROR,
        value: str = "",
    ) -> None:
        """Collect one more violation."""
        self.rows.append(Violation(code, message, line, column, severity, value[:200]))

    def extend(self, more: Iterable[Violation]) -> None:
        """Collect the violations of another check."""
        self.rows.extend(more)

    def __iter__(self) -> Iterator[Violation]:
        return iter(sorted(self.rows, key=lambda f: (f.line, f.column, f.code)))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def errors(self) -> list[Violation]:
        """The violations that block."""
        return [f for f in self.rows if f.severity is Severity.ERROR]

    def counts(self) -> dict[str, int]:
        """How many violations of each severity there are."""
        tally = Counter(f.severity.value for f in self.rows)
        return {s.value: tally.get(s.value, 0) for s in Severity}


@dataclass(frozen=True)
class ViolationGroup:
    """The same said of several places: the rows it is said of, and what stands there, in order."""

    severity: str
    code: str
    column: str
    message: str
    lines: tuple[int, ...]
    values: tuple[str, ...]

    @property
    def count(self) -> int:
        """Of how many places it is said."""
        return len(self.lines)

    @property
    def first_lines(self) -> tuple[int, ...]:
        """The first rows it is said of."""
        return self.lines[:MOST_LINES]

    @property
    def more_lines(self) -> int:
        """Of how many rows besides the first it is said."""
        return self.count - len(self.first_lines)

    @property
    def first_values(self) -> tuple[str, ...]:
        """The first different texts that stand there."""
        return tuple(dict.fromkeys(v for v in self.values if v))[:MOST_VALUES]


def grouped(rows: Iterable[Mapping[str, Any]], *, each: bool = False) -> list[ViolationGroup]:
    """Return violations with the same said once, in the order in which each is first said.

    rows: violations as plain values, see ``Violation.as_dict``. each: do not put them together.
    """
    found: dict[tuple[int, tuple[str, str, str, str]], list[Mapping[str, Any]]] = {}
    for number, row in enumerate(rows):
        said = (str(row["severity"]), row["code"], row["column"], row["message"])
        found.setdefault((number if each else 0, said), []).append(row)
    return [
        ViolationGroup(*said, tuple(r["line"] for r in same), tuple(r["value"] for r in same))
        for (_, said), same in found.items()
    ]


class ValidationFailed(ValueError):
    """Something cannot be done as asked; it carries every violation that stands against it."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = list(violations)
        super().__init__(" ".join(f"{f.code} {f.message}" for f in self.violations))

    @classmethod
    def because(cls, code: str, message: str, column: str = "") -> ValidationFailed:
        """Return a refusal of one violation."""
        return cls([Violation(code, message, column=column)])
