"""How templates write a kind of run and what its holds do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.platform.runs.hooks import HoldEffect, files_of_hold, kind_title
from apps.platform.uploads.hooks import kind_title as file_title

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


SAID = {
    "NAMED": ("ADVISORY", "Shown before the run; it holds nothing and asks for no reason"),
    "REASON": ("REASON NEEDED", "Settled in full; published with a second person's reason only"),
    "HELD": (
        "HELD",
        "What depends on it has no amount; published with a second person's reason only",
    ),
}


@register.filter
def readiness(state: str) -> SafeString:
    """Show what an input does to a run as a coloured word, with what that means when pointed at."""
    word, meaning = SAID.get(str(state), (str(state), ""))
    return format_html(
        '<span class="tag tag-{}" title="{}">{}</span>', str(state).lower(), meaning, word
    )


@register.filter
def hold_files(hold: Any) -> list[tuple[str, str]]:
    """Return the kinds of files that make a hold good: (code, title).

    hold: as it is kept on a run, or as an input before the run gives it.
    """
    told = hold if isinstance(hold, dict) else hold.as_dict()
    codes = files_of_hold(told["code"], told["kind"], told["details"])
    return [(code, file_title(code)) for code in codes]
