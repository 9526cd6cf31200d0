"""Read the site's clock: the one place where the product learns what time it is."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from apps.platform.clock.models import ClockLead
from apps.platform.core.tradetime import PACIFIC

LOOKED_FOR = 1.0  # seconds that a process trusts what it has read
NONE = timedelta()


class _Kept:
    """What this process has read of the lead, and until when it need not look again."""

    until = 0.0
    ahead = NONE


def site_now() -> datetime:
    """Return the moment by the site's clock, for pages, schedule, deadlines and workers alike."""
    return timezone.now() + ahead()  # noqa: TID251  (the one place)


def site_today() -> date:
    """Return the Pacific day by the site's clock."""
    return site_now().astimezone(PACIFIC).date()


def machine_now() -> datetime:
    """Return the moment by the machine's clock, for what other programs hold against theirs.

    Those are certificates, whose validity a TLS handshake reads without asking us.
    """
    return timezone.now()  # noqa: TID251  (the one place)


def ahead() -> timedelta:
    """Return how far the site's clock is ahead of the machine's; nothing without a simulation."""
    if settings.CLOCK_STARTS is None:
        return NONE
    if time.monotonic() >= _Kept.until:
        try:
            found = ClockLead.objects.values_list("ahead", flat=True).first()
        except DatabaseError:  # a transaction that has failed; what was read before still holds
            return _Kept.ahead
        _Kept.ahead, _Kept.until = found or NONE, time.monotonic() + LOOKED_FOR
    return _Kept.ahead


def is_simulated() -> bool:
    """Whether the site runs by a simulated clock, which every page says."""
    return settings.CLOCK_STARTS is not None


def simulation_on_file() -> bool:
    """Whether this database has ever run by a simulated clock, and holds moments of it."""
    return ClockLead.objects.exists()


def forget() -> None:
    """Look again at the next question, as the lead has changed."""
    _Kept.until = 0.0
