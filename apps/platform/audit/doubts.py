"""What looks unlikely in a case: said on its page, and answered for by who decides it."""

from __future__ import annotations

from collections.abc import Sequence

from apps.platform.core.violations import ValidationFailed, Violation


def answered(doubts: Sequence[str], note: str) -> None:
    """Ask for a note that answers for what looks unlikely; raises ValidationFailed without one.

    A number typed into a form is asked about as the same number in a file is, by who approves it.
    """
    if doubts and not note.strip():
        raise ValidationFailed(
            Violation("PL-ANSWER", f"{said} Say in a note why that is right.", column="note")
            for said in doubts
        )
