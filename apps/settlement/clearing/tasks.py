"""The queue's way into clearing."""

from __future__ import annotations

import logging

from celery import shared_task

from apps.platform.accounts.selectors import system_user
from apps.platform.clock.selectors import site_now
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.violations import ValidationFailed
from apps.settlement.clearing import services

logger = logging.getLogger(__name__)


@shared_task(acks_late=True)
def issue_invoices(**_: object) -> None:
    """Issue the invoices whose day has come."""
    services.issue_invoices(actor=system_user(), at=site_now())


@shared_task(acks_late=True)
def measure_liabilities(**_: object) -> None:
    """Measure every SC's liability as of today, where there is something to go on from."""
    now = site_now()
    try:
        services.measure(as_of=now.astimezone(PACIFIC).date(), actor=system_user(), at=now)
    except ValidationFailed as trouble:
        logger.warning("liabilities are not measured: %s", trouble)
