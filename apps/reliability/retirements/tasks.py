"""The queue's way to the daily briefing."""

from __future__ import annotations

from celery import shared_task

from apps.platform.clock.selectors import site_now
from apps.platform.core.tradetime import PACIFIC
from apps.reliability.retirements.services import send_briefing


@shared_task
def daily_briefing() -> int:
    """Send the briefing of today."""
    now = site_now()
    return send_briefing(day=now.astimezone(PACIFIC).date(), at=now)
