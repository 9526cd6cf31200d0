"""The sign of life that travels from beat through the queue to a worker."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.site.home import services


@shared_task(acks_late=True, ignore_result=True)
def heartbeat(**_: object) -> None:
    """Note that beat, the queue and a worker are alive."""
    services.beat(name="worker", at=timezone.now())
