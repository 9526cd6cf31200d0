"""What a kind of background job is, and the signal that somebody wants it to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class JobState(StrEnum):
    """How a job stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


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


@dataclass(frozen=True)
class JobKind:
    """One kind of background work.

    ``work(steps, **arguments)`` does it and may be done again after a worker was killed. ``advice``
    says what to do when it fails. ``gone(arguments)`` puts a cancelled subject to rest.
    """

    code: str
    title: str
    work: Callable[..., Any]
    advice: str
    roles: frozenset[str] = frozenset()
    gone: Callable[[dict[str, Any], Any, Any], None] | None = None
    may_cancel: bool = True
    may_retry: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


_QUEUE: list[Callable[[int], Any]] = []


def hand_over_with(send: Callable[[int], Any]) -> None:
    """Say how a job is handed to a worker; called once at start-up."""
    _QUEUE[:] = [send]


def hand_over(job_id: int) -> None:
    """Hand a job to a worker."""
    for send in _QUEUE:
        send(job_id)


_KINDS: dict[str, JobKind] = {}


def register_job(kind: JobKind) -> None:
    """Offer a kind of job; called once for each at start-up."""
    _KINDS[kind.code] = kind


def job_kind(code: str) -> JobKind:
    """Return a kind of job; raises KeyError for an unknown one."""
    return _KINDS[code]


def known_kind(code: str) -> JobKind | None:
    """Return a kind of job, or None for one this release does not know."""
    return _KINDS.get(code)


def job_kinds() -> list[JobKind]:
    """Return every kind of job."""
    return [_KINDS[code] for code in sorted(_KINDS)]
