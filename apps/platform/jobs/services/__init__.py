"""Background jobs, the files they make, and the schedule."""

from apps.platform.jobs.services.alarms import look_at_queues
from apps.platform.jobs.services.exporting import EXPORT, start_export
from apps.platform.jobs.services.interrupted import CONNECTION_LOST, again_in
from apps.platform.jobs.services.lost import hand_over_again, take_up_lost
from apps.platform.jobs.services.schedule import change_schedule, seed_schedule
from apps.platform.jobs.services.working import (
    JobRefused,
    cancel,
    carry_out,
    file_chunks,
    keep_file,
    queue,
    retry,
    tidy,
)

__all__ = [
    "CONNECTION_LOST",
    "EXPORT",
    "JobRefused",
    "again_in",
    "cancel",
    "carry_out",
    "change_schedule",
    "file_chunks",
    "hand_over_again",
    "keep_file",
    "look_at_queues",
    "queue",
    "retry",
    "seed_schedule",
    "start_export",
    "take_up_lost",
    "tidy",
]
