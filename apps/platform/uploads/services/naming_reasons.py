"""Reasons for warnings of plausibility as a command line gives them: one for each warning."""

from __future__ import annotations

from collections.abc import Iterable

from apps.platform.uploads.models import Upload, UploadViolation
from apps.platform.uploads.selectors import plausibility_shown
from apps.platform.uploads.services.confirming import ConfirmRefused


def reasons_named(upload: Upload, given: Iterable[str]) -> dict[int, str]:
    """Return reasons by the key of the violation each names.

    given: ``CODE=REASON`` where the file has one warning of the code, ``CODE:ROW=REASON`` or
    ``CODE:ROW:COLUMN=REASON``, or ``KEY=REASON``. Raises ConfirmRefused where a name fits none or
    several, or a warning is named twice: as in the browser, each has a reason of its own.
    """
    shown = list(plausibility_shown(upload=upload).order_by("line", "column", "pk"))
    reasons: dict[int, str] = {}
    for text in given:
        name, sign, reason = text.partition("=")
        fitting = [v for v in shown if name in _names(v)]
        if not sign or not fitting:
            raise ConfirmRefused(
                f"{name!r} names no warning of plausibility of this file. {_all(shown)}"
            )
        if len(fitting) > 1:
            raise ConfirmRefused(
                f"{name!r} names {len(fitting)} warnings; each needs a reason of its own. "
                f"{_all(fitting)}"
            )
        if fitting[0].pk in reasons:
            raise ConfirmRefused(f"{name!r} is named twice; give one reason for it.")
        reasons[fitting[0].pk] = reason
    return reasons


def _names(violation: UploadViolation) -> set[str]:
    code, line = violation.code, violation.line
    return {code, f"{code}:{line}", f"{code}:{line}:{violation.column}", str(violation.pk)}


def _all(shown: list[UploadViolation]) -> str:
    """Name warnings as they can be given."""
    said = ", ".join(f"{v.code}:{v.line}:{v.column} (or {v.pk})" for v in shown[:10])
    more = f" and {len(shown) - 10} more" if len(shown) > 10 else ""
    return f"There is {said}{more}." if said else "There is none."
