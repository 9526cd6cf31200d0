"""The queue's way into any calculation."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.runs import services


@shared_task(queue="calc", acks_late=True)
def compute_run(*, run_id: int, **_: object) -> None:
    """Compute and seal a requested run."""
    services.execute(run_id=run_id, at=timezone.now())
