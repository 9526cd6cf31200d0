"""The queue's way to reminders of reports."""

from __future__ import annotations

from celery import shared_task

from apps.adequacy.cpm.services import remind_reports
from apps.platform.clock.selectors import site_now


@shared_task
def remind_of_reports() -> int:
    """Tell who procures of designation reports that are overdue."""
    return remind_reports(at=site_now())
