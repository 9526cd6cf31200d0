"""How templates write a kind of run and what its holds do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from apps.platform.runs.hooks import HoldEffect, kind_title

register = template.Library()
register.filter("run_kind", kind_title)


@register.filter
def holding(holds: Iterable[Any]) -> str:
    """Return the one effect that holds have, HELD or REASON, or BOTH.

    holds: as they are kept on a run, or as an input before the run gives them.
    """
    effects = {
        str(h.get("effect", HoldEffect.HELD) if isinstance(h, dict) else h.effect) for h in holds
    }
    return effects.pop() if len(effects) == 1 else "BOTH"
