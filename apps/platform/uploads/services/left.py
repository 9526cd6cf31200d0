"""Files that came in and that nobody reads, as the web process that would was killed."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.platform.jobs.selectors import job_about
from apps.platform.uploads.models import Upload
from apps.platform.uploads.services.queueing import queue_reading

LEFT_FOR = timedelta(minutes=2)  # reading within a request takes seconds


def read_left(*, at: datetime) -> int:
    """Have a worker read files received minutes ago that no job was made for; return how many.

    One whose job has ended is left alone: its page says why, and what to do.
    """
    waiting = Upload.objects.filter(state="RECEIVED", opened_at__lt=at - LEFT_FOR)
    left = [u for u in waiting if job_about("read-upload", upload_id=u.pk) is None]
    for upload in left:
        queue_reading(upload=upload, actor=upload.opened_by, at=at)
    return len(left)
