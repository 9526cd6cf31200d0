"""The queue's way to the daily publication of payloads."""

from __future__ import annotations

from celery import shared_task

from apps.platform.clock.selectors import site_now
from apps.reliability.designations.services import publish_due


@shared_task
def publish_payloads() -> int:
    """Publish the payload of today and whatever else is due."""
    return publish_due(at=site_now())[0]
