"""The queue's way into disputes."""

from __future__ import annotations

from celery import shared_task

from apps.platform.clock.selectors import site_now
from apps.settlement.disputes import services


@shared_task(acks_late=True)
def lapse_placeholders(**_: object) -> None:
    """Let placeholders lapse whose figure did not come in time."""
    services.lapse_placeholders(at=site_now())
