"""What a comparison is asked for, from a query or the options of a command."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.selectors import sc_ids
from apps.platform.core.numbers import UnclearNumber, read_number
from apps.platform.core.violations import ValidationFailed
from apps.settlement.statements.services.comparing import Comparison, compare, run_to_compare

LINES_A_PAGE = 100


def least_of(text: str) -> Decimal:
    """Return the least change worth showing; raises ValidationFailed for what is no amount."""
    try:
        found = read_number(text.strip() or "0")
    except UnclearNumber:
        found = Decimal(-1)
    if found < 0:
        text = "The least change is an amount in dollars, such as 0.10 or 1,250.00."
        raise ValidationFailed.because("CMP-LEAST", text, "least")
    return found.quantize(Decimal("0.01"))


def page_of(query: Any) -> int:
    """Return the page of lines a query asks for; the first without one."""
    page = query.get("page", "1")
    return int(page) if page.isdecimal() and len(page) < 7 and int(page) > 0 else 1


def asked_of(query: Any, viewer: Viewer) -> dict[str, Any]:
    """Return what a comparison was asked for, from a query; raises ValidationFailed with the
    reason.
    """
    wanted = query.get("sc", "")
    sc = sc_ids(codes={wanted}).get(wanted) if wanted and viewer.is_iso else None
    if wanted and viewer.is_iso and sc is None:
        raise ValidationFailed.because("CMP-SC", f"There is no SC {wanted[:40]!r}.", "sc")
    return {
        "sc_id": sc,
        "least": least_of(query.get("least", "")),
        "first": (page_of(query) - 1) * LINES_A_PAGE,
        "count": LINES_A_PAGE,
    }


def compared(query: Any, viewer: Viewer) -> Comparison:
    """Return the comparison a query names by ``old`` and ``new``; raises ValidationFailed."""
    old = run_to_compare(query.get("old", ""), viewer)
    new = run_to_compare(query.get("new", ""), viewer)
    return compare(old=old, new=new, viewer=viewer, **asked_of(query, viewer))
