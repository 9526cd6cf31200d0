"""Reads of notices and deadlines, each for one viewer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.notifications.hooks import DEADLINES, TOPICS, Deadline, Topic
from apps.platform.notifications.models import Notification, Preference


def notices(*, viewer: Viewer) -> QuerySet[Notification]:
    """Return a person's own notices."""
    rows = Notification.objects.all()
    return rows.filter(user_id=viewer.user_id) if viewer.user_id else rows.none()


def unread(*, viewer: Viewer) -> int:
    """Return how many notices of a person are unread."""
    return notices(viewer=viewer).filter(read_at=None).count() if viewer.user_id else 0


def preferences(user: User) -> list[tuple[Topic, Preference]]:
    """Return every topic with how a person wants to be told of it."""
    kept = {p.topic: p for p in Preference.objects.filter(user=user)}
    return [
        (t, kept.get(t.code) or Preference(user=user, topic=t.code, in_app=True, email=t.email))
        for t in TOPICS
    ]


def deadlines(*, viewer: Viewer, since: datetime, until: datetime) -> list[Deadline]:
    """Return what a viewer has to do by when, soonest first."""
    found = [d for source in DEADLINES for d in source(viewer, since, until)]
    return sorted(found, key=lambda d: (d.at, d.uid))
