"""The queue's way into any background job."""

from __future__ import annotations

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from apps.platform.jobs import services

TRANSPORT = (OperationalError, InterfaceError)  # the database was away for a moment


@shared_task(acks_late=True, autoretry_for=TRANSPORT, retry_backoff=True)
def do_job(*, job_id: int, **_: object) -> None:
    """Do one queued job."""
    services.carry_out(job_id=job_id, at=timezone.now())


@shared_task(acks_late=True, ignore_result=True)
def hand_over_silent(**_: object) -> None:
    """Hand jobs over again whose message was lost."""
    services.hand_over_silent(at=timezone.now())


@shared_task(acks_late=True, ignore_result=True)
def tidy(**_: object) -> None:
    """Remove files of jobs that are past their time."""
    services.tidy(at=timezone.now())
