"""The queue's way into the daily settlement: three lines each."""

from __future__ import annotations

from celery import shared_task

from apps.platform.clock.selectors import site_now
from apps.platform.core.rulebook import implements
from apps.settlement.settlements import services


@implements("BRQ-1225", "BRQ-1230", source="BRS 1.2 section 6.4.1: on a daily basis")
@shared_task(acks_late=True)
def settle_due_days(**_: object) -> None:
    """Request the settlement of every day that is due."""
    services.settle_due_days(at=site_now())
