"""The queue's way to bid insertion."""

from __future__ import annotations

from celery import shared_task

from apps.bidding.bids import services
from apps.platform.clock.selectors import site_now


@shared_task(acks_late=True)
def insert_day_ahead(**_: object) -> int:
    """Request the insertion of the day-ahead market that has just closed."""
    return len(services.request_day_ahead(at=site_now()))


@shared_task(acks_late=True)
def insert_real_time(**_: object) -> int:
    """Request the insertion of the real-time hours that have just closed."""
    return len(services.request_real_time(at=site_now()))
