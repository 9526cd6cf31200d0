"""Violations: everything wrong, or worth saying, about a row. They are collected, never raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum


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


class ValidationFailed(ValueError):
    """Something cannot be done as asked; it carries every violation that stands against it."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = list(violations)
        super().__init__(" ".join(f"{f.code} {f.message}" for f in self.violations))

    @classmethod
    def because(cls, code: str, message: str, column: str = "") -> ValidationFailed:
        """Return a refusal of one violation."""
        return cls([Violation(code, message, column=column)])
