"""Files that came in and that nobody reads, as the web process that would was killed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from apps.platform.jobs.selectors import job_about
from apps.platform.uploads.models import Upload
from apps.platform.uploads.services.queueing import queue_reading

LEFT_FOR = timedelta(seconds=10)  # from receiving a file to the begin of its reading: ms


@transaction.atomic
def read_left(*, at: datetime) -> int:
    """Have a worker read files that nobody reads and no job was made for; return how many.

    Who reads a file holds its row, which the database gives up with the reader's connection; a row
    that is held is passed over. One whose job has ended is left alone: its page says why, and what
    to do.
    """
    waiting = Upload.objects.filter(state="RECEIVED", opened_at__lt=at - LEFT_FOR)
    nobodys = waiting.select_for_update(skip_locked=True).order_by("pk")
    left = [u for u in nobodys if job_about("read-upload", upload_id=u.pk) is None]
    for upload in left:
        queue_reading(upload=upload, actor=upload.opened_by, at=at)
    return len(left)
