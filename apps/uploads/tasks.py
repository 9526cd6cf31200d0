"""The queue's way to read a large upload."""

from __future__ import annotations

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from apps.accounts.models import User
from apps.uploads import services

TRANSPORT = (OperationalError, InterfaceError)  # the database was away for a moment


@shared_task(queue="calc", acks_late=True, autoretry_for=TRANSPORT, retry_backoff=True)
def read_upload(*, upload_id: int, actor_id: int, **_: object) -> None:
    """Read a received upload."""
    services.read(upload_id=upload_id, actor=User.objects.get(pk=actor_id), at=timezone.now())
