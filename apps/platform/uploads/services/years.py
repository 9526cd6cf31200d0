"""The check of years that every kind of file is put to: is a period decades from today?"""

from __future__ import annotations

from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.hooks import Judged, PlausibilityCheck

CODE = "PL-YEAR"
MOST_YEARS = 20  # a mistyped year (1924 or 2204 for 2024) lies beyond it, what is studied within


def _said(given: Judged) -> list[Violation]:
    if given.first is None:
        return []
    years = given.first.year - given.today.year
    if abs(years) <= MOST_YEARS:
        return []
    where = "ahead of" if years > 0 else "before"
    return [
        Violation(
            CODE,
            f"The period begins {abs(years)} years {where} this one. Is the year right?",
            int(given.frame["line_no"].min() or 0),  # type: ignore[arg-type]  # a whole number
            severity=Severity.WARNING,
        )
    ]


YEARS_CHECK = PlausibilityCheck(CODE, "A period decades from today", _said)
