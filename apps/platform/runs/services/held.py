"""What a run holds, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from apps.platform.core.unseen import seen_text
from apps.platform.core.words import counted, spans_of
from apps.platform.runs.hooks import HoldEffect, files_of_hold, kind_title
from apps.platform.uploads.hooks import UPLOAD_KINDS

Holds = Sequence[Mapping[str, Any]]


def by_effect(holds: Holds) -> tuple[Holds, Holds]:
    """Return what is held without an amount, and what is settled but to be answered for.

    holds: as they are kept on the run.
    """
    apart = [h for h in holds if h.get("effect", HoldEffect.HELD) == HoldEffect.HELD]
    return apart, [h for h in holds if h not in apart]


def without_amount(holds: Holds) -> Holds:
    """Return what is held without an amount; holds: as they are kept on the run."""
    return by_effect(holds)[0]


def lacking_reasons(holds: Holds, *, over_holds: str, answered_for: str) -> dict[str, Holds]:
    """Return the holds for whose effect no reason is given, by the name of that reason.

    What is held without an amount takes ``over_holds``; what is settled but to be answered for
    takes ``answered_for``: a reason for the one does not speak for the other (BRQ-1225).
    """
    apart, answered = by_effect(holds)
    asked = {
        "over_holds": (apart, seen_text(over_holds)),
        "answered_for": (answered, answered_for.strip()),
    }
    return {name: found for name, (found, reason) in asked.items() if found and not reason}


def counted_holds(holds: Holds) -> str:
    """Return how many parts of a run have no amount, and how many are settled but answered for.

    holds: as they are kept on the run.
    """
    apart, answered = (len(found) for found in by_effect(holds))
    said = []
    if apart:
        is_ = "is" if apart == 1 else "are"
        said.append(f"{counted(apart, 'part')} of this run {is_} held without an amount")
    if answered:
        is_ = "is" if answered == 1 else "are"
        whole = "it" if apart else "this run"
        said.append(
            f"{counted(answered, 'part')} of {whole} {is_} settled in full and to be answered for"
        )
    return ", ".join(said)


def held_words(holds: Holds, most: int = 3) -> str:
    """Return the first sentences of what a run holds, and how many more there are."""
    said = " ".join(h["sentence"] for h in holds[:most])
    more = len(holds) - most
    return f"{said} And {more} more." if more > 0 else said


def held_until(hold: Mapping[str, Any]) -> str:
    """Return what makes a hold good, in words: a calculation, a file, or the input itself.

    hold: as it is kept on the run.
    """
    if hold["kind"]:
        days = spans_of(date.fromisoformat(text) for text in hold["days"])
        return f"{kind_title(hold['kind'])} of {days} is calculated"
    files = files_of_hold(hold["code"], hold["kind"], hold["details"])
    titles = [kind.title for code in files if (kind := UPLOAD_KINDS.get(code))]
    return f"{' or '.join(titles)} is on file" if titles else "the input is on file"
