"""A measured liability that leaves trade dates out is at least the amount it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.platform.core.words import counted


def why_at_least(details: Mapping[str, Any]) -> str:
    """Return why a liability is at least its amount, and what that holds up; empty where it is not.

    details: what is kept beside the measurement; ``beyond`` counts the trade dates in no part of
    it. *Interpretation*: such a liability calls for collateral and never answers a call.
    """
    beyond = int(details.get("beyond", 0))
    if not beyond:
        return ""
    return (
        f"The liability is at least this: {counted(beyond, 'trade date')} not calculated and in no "
        "part of it. No collateral call is answered by it."
    )
