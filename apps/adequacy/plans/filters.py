"""What the RA column is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from apps.platform.ui.requests import day_asked


def asked(query: Any) -> tuple[date, str, str]:
    """Return which day, part and name a query asks for; Http404 for what is no day."""
    part = "FLEX" if query.get("part") == "FLEX" else "GENERIC"
    return day_asked(query.get("day", "")), part, query.get("q", "")[:40]
