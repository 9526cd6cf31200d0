"""Topics people are told about, and the deadlines other apps know of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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
_TOPICS: dict[str, Topic] = {}
_SOURCES: list[DeadlineSource] = []


def register_topic(code: str, title: str, *, email: bool = False) -> Topic:
    """Offer a topic; called once for each at start-up."""
    topic = Topic(code, title, email)
    _TOPICS[code] = topic
    return topic


def topics() -> list[Topic]:
    """Return every topic by its title."""
    return sorted(_TOPICS.values(), key=lambda t: t.title)


def topic_of(code: str) -> Topic:
    """Return a topic; raises KeyError for one that nobody registered."""
    return _TOPICS[code]


def register_deadlines(source: DeadlineSource) -> None:
    """Offer a function (viewer, since, until) that returns deadlines of a viewer."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def deadline_sources() -> list[DeadlineSource]:
    """Return every source of deadlines."""
    return list(_SOURCES)
