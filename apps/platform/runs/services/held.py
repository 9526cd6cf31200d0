"""What a run holds, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apps.platform.core.words import counted
from apps.platform.runs.hooks import HoldEffect
from apps.platform.runs.models import Run


def counted_holds(holds: Sequence[Mapping[str, Any]]) -> str:
    """Return how many parts of a run have no amount, and how many are settled but answered for.

    holds: as they are kept on the run.
    """
    apart = sum(1 for h in holds if h.get("effect", HoldEffect.HELD) == HoldEffect.HELD)
    answered = len(holds) - apart
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


def held_words(run: Run, most: int = 3) -> str:
    """Return the first sentences of what a run holds, and how many more there are."""
    said = " ".join(h["sentence"] for h in run.holds[:most])
    more = len(run.holds) - most
    return f"{said} And {more} more." if more > 0 else said
