"""The checks that every kind of file is put to: is a value blank that was, or should be, known?"""

from __future__ import annotations

from apps.platform.core.layouts import FieldType
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Judged, PlausibilityCheck
from apps.platform.uploads.rules import blanked, read_as_zero
from apps.platform.uploads.selectors import last_period

CODE = "PL-BLANK"
FROM_A_DAY_ON = "as_of"


def _said(given: Judged) -> list[Violation]:
    """Compare with the version in force; a list that holds from a day on, with the one before it.

    Such a list has no day in the key of its rows: the same key stands in the list before.
    """
    before, than = given.before, f"version {given.base}" if given.base else "what is on file"
    dated = any(given.layout.field(k).type is FieldType.DATE for k in given.layout.key)
    if before is None and given.dataset.period == FROM_A_DAY_ON and not dated:
        earlier = last_period(given.dataset.name, given.period)
        before = given.current(earlier) if earlier else None
        than = f"{earlier}, the last on file before"
    return blanked(given.frame, before, given.texts, given.layout, code=CODE, than=than)


BLANKED_CHECK = PlausibilityCheck(CODE, "A value on file becomes blank", _said)


def _zeros(given: Judged) -> list[Violation]:
    """Ask about rows that are new; of the others the check above tells what has become blank."""
    frame, key = given.frame, list(given.layout.key)
    if given.before is not None and key and set(key) <= set(given.before.columns):
        frame = frame.join(given.before.select(key), on=key, how="anti", nulls_equal=True)
    return read_as_zero(frame, given.texts, given.layout, given.columns, code="PL-ZERO")


ZERO_CHECK = PlausibilityCheck("PL-ZERO", "A blank would be read as zero", _zeros)
