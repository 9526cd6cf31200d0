"""Tell the ISO's administrators of a queue that waits too long, once, and that it moves again."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.platform.accounts.codes import ADMINS
from apps.platform.core.words import counted
from apps.platform.jobs.codes import JobState
from apps.platform.jobs.models import QueueAlarm
from apps.platform.jobs.selectors import queues, title_of, waits_at_most
from apps.platform.notifications.services import holders, tell


def look_at_queues(*, at: datetime) -> tuple[list[str], list[str]]:
    """Tell of each kind of work whose oldest job waits beyond its limit, and of each that ended.

    Returns the kinds of either. A kind is told of once, however many look and however often, until
    its alarm has ended. It ends when no job of the kind waits longer than half the limit, so that
    a queue at its limit does not tell over and over (*Interpretation*).
    """
    found = {queue.kind: queue for queue in queues(at)}
    raised, ended = [], []
    for queue in found.values():
        if queue.late and _raise(queue.kind, queue.since, at):
            raised.append(queue.kind)
    for kind in QueueAlarm.objects.filter(ended_at=None).values_list("kind", flat=True):
        waits = found.get(kind)
        if (waits is None or waits.seconds * 2 <= (waits.limit or 0)) and _end(kind, at):
            ended.append(kind)
    return raised, ended


@transaction.atomic
def _raise(kind: str, since: datetime, at: datetime) -> bool:
    if QueueAlarm.objects.filter(kind=kind, ended_at=None).exists():
        return False  # it has been told
    try:
        with transaction.atomic():
            QueueAlarm.objects.create(kind=kind, since=since, told_at=at)
    except IntegrityError:  # another program told it at the same moment
        return False
    minutes = int(waits_at_most(kind).total_seconds()) // 60
    tell(
        holders(ADMINS),
        topic="queue-late",
        title=f"{title_of(kind)}: a job has waited more than {counted(minutes, 'minute')}",
        at=at,
        body="See whether the workers do anything; long work of others may be before it.",
        address=_waiting(kind),
    )
    return True


@transaction.atomic
def _end(kind: str, at: datetime) -> bool:
    if not QueueAlarm.objects.filter(kind=kind, ended_at=None).update(ended_at=at):
        return False
    tell(
        holders(ADMINS),
        topic="queue-late",
        title=f"{title_of(kind)}: jobs no longer wait too long",
        at=at,
        body="",
        address=_waiting(kind),
    )
    return True


def _waiting(kind: str) -> str:
    return f"{reverse('jobs')}?kind={kind}&state={JobState.QUEUED}"
