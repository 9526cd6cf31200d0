"""Which period a distribution is asked for."""

from __future__ import annotations

import re

from django.http import Http404

PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


def period_asked(text: str) -> str:
    """Return a period of an address; Http404 for what is none."""
    if not PERIOD.fullmatch(text) or not 1998 <= int(text[:4]) < 2200:
        raise Http404("A period is written 2024 or 2024-09.")
    return text
