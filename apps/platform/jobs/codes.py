"""How a job stands, what work tells of itself, and the signal that somebody wants it to end."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class JobState(StrEnum):
    """How a job stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
JOB_LOCK = 1_201_525  # the class of the database's locks that workers hold on the jobs they do


class JobCancelled(Exception):
    """Somebody asked for the job to end; what it did is undone by its transaction."""


class JobFailed(Exception):
    """The work came to a bad end that it has already put on record; the sentence says which."""


class Steps(Protocol):
    """What work tells of itself while it goes on; ``job_id`` is 0 for work that is no job."""

    job_id: int

    def step(self, done: int, total: int, note: str = "") -> None:
        """Say how far the work is; raises JobCancelled where somebody asked for its end."""

    def line(self, text: str) -> None:
        """Add a line to the job's log."""


class Unseen:
    """Steps of work that nobody follows."""

    job_id = 0

    def step(self, done: int, total: int, note: str = "") -> None:
        """Nothing to tell."""

    def line(self, text: str) -> None:
        """Nothing to tell."""
