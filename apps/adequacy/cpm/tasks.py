"""The queue's way to reminders of reports."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.adequacy.cpm.services import remind_reports


@shared_task
def remind_of_reports() -> int:
    """Tell who procures of designation reports that are overdue."""
    return remind_reports(at=timezone.now())
