"""Whether everything is alive, and whether the demo is still being settled."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from apps.platform.accounts.services import bypass_rls
from apps.platform.clock.selectors import ahead
from apps.platform.jobs.selectors import job_under_way, queues, work_that_waits
from apps.site.home.models import Heartbeat
from apps.site.home.selectors.schema import pending_migrations

BEAT_LIMIT = timedelta(minutes=2)
DEMO_JOB = "settle-demo"


def demo_job() -> Any:
    """Return the job that settles the demo's trade dates, as long as it has not ended."""
    return job_under_way(DEMO_JOB)


def worker_seen() -> datetime | None:
    """Return when a worker last did a task that beat had sent, or None."""
    return Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()


def last_seen() -> datetime | None:
    """Return the last moment of the site's clock at which any background work was seen."""
    return Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()


def signs_of_life(now: datetime) -> list[tuple[str, str, bool]]:
    """Return when each background program was last seen, and whether that is lately."""
    seen = {h.name: h.at for h in Heartbeat.objects.all()}
    found = []
    for name in ("worker",):
        at = seen.get(name)
        alive = _lately(at, now)
        ago = f"{int((now - at).total_seconds())} s ago" if at else "not yet"
        found.append((f"{name} and beat last seen", ago, alive))
    return found


def health(*, now: datetime, up_for: timedelta) -> dict[str, Any]:
    """Return whether requests and background work can be served, and where not, what is wrong.

    ``up_for``: how long the asking process has been up. Just after a start nothing has been seen
    of the work yet, which is no fault for the first two minutes. Nor is it one that a job waits
    for some hours while a worker tells that all its children are at work: long work is under way.
    A worker whose child was killed, or that ended, tells so no more. One that the launcher saw
    end counts as wrong at once, until work is done again. ``wrong`` names each fault, with the
    moment since when. ``queues``: by kind of work the jobs that wait, the seconds the oldest has
    waited, the limit and whether it is ``late``; a queue that is late and moves is an alarm, but
    no reason to send nobody here.
    """
    try:
        with bypass_rls("a probe has no party; it is told kinds and numbers, no row"):
            pending = len(pending_migrations())
            seen = dict(Heartbeat.objects.values_list("name", "at"))
            busy = _lately(seen.get("busy"), now)
            stuck = work_that_waits(now, busy=busy) if pending == 0 else None
            waiting = queues(now) if pending == 0 else []
    except DatabaseError as trouble:
        return {"database": f"unreachable: {type(trouble).__name__}", "ready": False}
    at, new = seen.get("worker"), up_for < BEAT_LIMIT
    word = (
        "ok"
        if _lately(at, now)
        else "busy"
        if busy
        else ("not seen lately" if at else "not seen yet")
    )
    wrong = []
    if pending:
        wrong.append(f"{pending} migrations are to be applied")
    if word not in ("ok", "busy") and not new:
        since = f"since {at.isoformat()}" if at else "yet"
        wrong.append(f"no background work has been done {since}")
    wrong += [
        f"the {name} stopped at {stopped.isoformat()} and is started again"
        for name, stopped in _stopped()
        if not any(seen.get(sign) and seen[sign] > stopped for sign in ("worker", "busy"))
    ]
    if stuck is not None and not new:
        wrong.append(
            f"job {stuck.pk} has waited since {stuck.queued_at.isoformat()} "
            "and no job was begun or ended since"
        )
    return {
        "database": "ok",
        "migrations_pending": pending,
        "worker_seen_at": at.isoformat() if at else None,
        "worker": word,
        "queues": [
            {
                "kind": queue.kind,
                "waiting": queue.count,
                "oldest_seconds": queue.seconds,
                "limit_seconds": queue.limit,
                "late": queue.late,
            }
            for queue in waiting
        ],
        "wrong": wrong,
        "ready": not wrong,
    }


def _stopped() -> list[tuple[str, datetime]]:
    """Return which background programs have stopped by themselves, and when, as noted last.

    The launcher knows the machine's clock alone.
    """
    try:
        found = json.loads(Path(settings.STOPPED_PROGRAMS).read_text())
        return [(name, datetime.fromisoformat(at) + ahead()) for name, at in sorted(found.items())]
    except (OSError, ValueError):  # nobody has written it
        return []


def _lately(at: datetime | None, now: datetime) -> bool:
    """Whether a moment is lately; one in the future is of a clock that has been set back."""
    return at is not None and abs(now - at) < BEAT_LIMIT
