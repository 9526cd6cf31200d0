"""Kinds of background work, and how a job reaches a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.platform.core.registry import Registry


@dataclass(frozen=True)
class JobKind:
    """One kind of background work.

    ``work(steps, **arguments)`` does it and may be done again after a worker was killed. ``advice``
    says what to do when it fails. ``gone(arguments)`` puts a cancelled subject to rest;
    ``given_up(arguments, sentence, at)`` one that is given up after its
    attempts ended with their workers or the database.
    """

    code: str
    title: str
    work: Callable[..., Any]
    advice: str
    roles: frozenset[str] = frozenset()
    gone: Callable[[dict[str, Any], Any, Any], None] | None = None
    given_up: Callable[[dict[str, Any], str, Any], None] | None = None
    may_cancel: bool = True
    may_retry: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


JOB_KINDS = Registry(
    "jobs.kinds",
    meaning="Background work that can be started, shown, cancelled and done again.",
    of=JobKind,
    key=lambda kind: kind.code,
    order=lambda kind: kind.code,
)
JOB_WORKER: Registry[Callable[[int], Any]] = Registry(
    "jobs.worker", meaning="Called with the number of a job to hand it to a worker.", limit=1
)


def hand_over(job_id: int) -> None:
    """Hand a job to a worker."""
    for send in JOB_WORKER:
        send(job_id)
