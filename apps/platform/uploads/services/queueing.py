"""Read a file now, or have a worker read it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.jobs.services import queue
from apps.platform.uploads.models import Upload
from apps.platform.uploads.services.apart import ReadingBusy
from apps.platform.uploads.services.staging import read

AT_ONCE = 512 * 1024


def read_or_queue(*, upload: Upload, actor: User, at: datetime) -> Upload:
    """Read a small file now; hand a large one to a worker its page follows.

    Large is above 512 KiB. A worker also reads what comes while too many files are being read.
    """
    if upload.size_bytes <= AT_ONCE or settings.CELERY_TASK_ALWAYS_EAGER:
        with suppress(ReadingBusy):
            return read(upload_id=upload.pk, actor=actor, at=at)
    queue_reading(upload=upload, actor=actor, at=at)
    return upload


def queue_reading(*, upload: Upload, actor: User, at: datetime) -> None:
    """Have a worker read a file."""
    queue(
        kind="read-upload",
        title=f"Read {upload.file_name}",
        actor=actor,
        at=at,
        address=reverse("upload", args=[upload.pk]),
        arguments={"upload_id": upload.pk, "actor_id": actor.pk},
    )
