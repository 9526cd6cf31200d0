"""The queue's way into any background job."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.platform.core.busy import Busy
from apps.platform.jobs import services


@shared_task(
    acks_late=True,
    autoretry_for=(*services.CONNECTION_LOST, Busy),
    max_retries=None,
    retry_backoff=True,
    retry_backoff_max=15,
)
def do_job(*, job_id: int, **_: object) -> None:
    """Do one queued job; again and again while the database is away, however long that is.

    What is busy is tried again a few times.
    """
    services.carry_out(job_id=job_id, at=timezone.now())


@shared_task(acks_late=True, ignore_result=True)
def hand_over_silent(**_: object) -> None:
    """Hand jobs over again whose message was lost."""
    services.hand_over_silent(at=timezone.now())


@shared_task(acks_late=True, ignore_result=True)
def tidy(**_: object) -> None:
    """Remove files of jobs that are past their time."""
    services.tidy(at=timezone.now())
