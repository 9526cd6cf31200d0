"""Topics people are told about, and the deadlines other apps know of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.platform.core.registry import Registry


@dataclass(frozen=True)
class Topic:
    """Something people are told about; ``email``: also by mail until somebody prefers otherwise."""

    code: str
    title: str
    email: bool = False


@dataclass(frozen=True)
class Deadline:
    """A moment by which something has to be done; ``uid`` stays the same while it is the same."""

    uid: str
    at: datetime
    title: str
    address: str = "/"
    description: str = ""


DeadlineSource = Callable[[Any, datetime, datetime], list[Deadline]]


TOPICS = Registry(
    "notifications.topics",
    meaning="What people are told about; each chooses how, topic by topic.",
    of=Topic,
    key=lambda topic: topic.code,
    order=lambda topic: topic.title,
)
DEADLINES: Registry[DeadlineSource] = Registry(
    "notifications.deadlines",
    meaning="Asked (viewer, since, until) for deadlines of a viewer: the list and the calendar.",
)
