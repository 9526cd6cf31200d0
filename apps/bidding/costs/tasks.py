"""The queue's way to the daily costs."""

from __future__ import annotations

from celery import shared_task

from apps.bidding.costs import services
from apps.platform.clock.selectors import site_now


@shared_task(acks_late=True)
def calculate_costs(**_: object) -> dict[str, list[str]]:
    """Request the costs of today, tomorrow and days that were missed."""
    new, refused = services.request_due(at=site_now())
    return {"requested": [str(run.trade_date) for run in new], "refused": refused}
