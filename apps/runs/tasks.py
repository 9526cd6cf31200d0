"""The queue's way into any calculation."""

from __future__ import annotations

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from apps.runs import services

TRANSPORT = (OperationalError, InterfaceError)  # the database was away for a moment


@shared_task(queue="calc", acks_late=True, autoretry_for=TRANSPORT, retry_backoff=True)
def compute_run(*, run_id: int, **_: object) -> None:
    """Compute and seal a requested run."""
    services.execute(run_id=run_id, at=timezone.now())
