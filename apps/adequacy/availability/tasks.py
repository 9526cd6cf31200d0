"""The queue's way to availability."""

from __future__ import annotations

from celery import shared_task

from apps.adequacy.availability.services import request_due
from apps.platform.clock.selectors import site_now


@shared_task(acks_late=True)
def calculate_availability(**_: object) -> int:
    """Request the availability of the last trade dates."""
    return len(request_due(at=site_now()))
