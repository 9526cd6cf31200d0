"""Everything that the page System health and the metrics tell, read once for both."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Min

from apps.platform.audit.models import AuditEvent
from apps.platform.jobs.codes import ENDED
from apps.platform.jobs.selectors import failed_since, jobs_by_state, queue_length
from apps.platform.runs.hooks import kind_title
from apps.platform.runs.selectors import runs_by_kind, stale_by_kind
from apps.site.home.codes import BACKUP_MADE, BACKUP_PROVED
from apps.site.home.selectors import health, worker_seen
from apps.site.operations.codes import (
    AlarmLimits,
    Backup,
    DatabaseFigures,
    DiskSpace,
    StateCount,
    SystemFigures,
    WorkFigures,
)
from apps.site.operations.selectors.processes import web_processes

A_DAY = timedelta(days=1)


def limits() -> AlarmLimits:
    """Return from where on a figure is an alarm, as the site has set it."""
    return AlarmLimits(
        disk_share=settings.ALARM_DISK_PERCENT / 100,
        connections_share=settings.ALARM_CONNECTIONS_PERCENT / 100,
        backup_hours=settings.ALARM_BACKUP_HOURS,
    )


def system_figures(*, at: datetime, up_for: timedelta) -> SystemFigures:
    """Return every figure at one moment; where the database is away, those that need none.

    ``up_for``: how long the asking process has been up (see ``home.selectors.health``).
    """
    web, disks = web_processes(), disk_space()
    try:
        return SystemFigures(at, web, disks, _work(at, up_for))
    except (DatabaseError, InterfaceError) as trouble:
        said = str(trouble).strip().partition("\n")[0]
        return SystemFigures(at, web, disks, None, said or type(trouble).__name__)


def disk_space() -> tuple[DiskSpace, ...]:
    """Return the room on the disks of the home and of the embedded database, each disk once."""
    places = {"home": Path(settings.HOME)}
    if settings.DATABASES_ARE_OURS:
        places["database"] = Path(settings.PGDATA)
    found: dict[int, DiskSpace] = {}
    for place, path in places.items():
        try:
            device, room = path.stat().st_dev, shutil.disk_usage(path)
        except OSError:  # it lies elsewhere, or is not made yet
            continue
        names = f"{found[device].place}, {place}" if device in found else place
        found[device] = DiskSpace(names, room.free, room.total)
    return tuple(found.values())


def _work(at: datetime, up_for: timedelta) -> WorkFigures:
    return WorkFigures(
        jobs=_jobs(at),
        failed_lately=failed_since(at - A_DAY),
        queue=queue_length(),
        runs=tuple(
            StateCount(kind, state, count, oldest, title=kind_title(kind))
            for kind, state, count, oldest in runs_by_kind()
        ),
        stale=stale_by_kind(),
        database=_database(),
        backup=_last_backup(),
        first_event=AuditEvent.objects.aggregate(first=Min("at"))["first"],
        worker_seen=worker_seen(),
        wrong=tuple(health(now=at, up_for=up_for).get("wrong", ())),
    )


def _jobs(at: datetime) -> tuple[StateCount, ...]:
    """Return the jobs by kind and state; those that have ended wait no longer."""
    return tuple(
        StateCount(
            j.kind, j.state, j.count, None if j.state in ENDED else j.since, j.limit, j.title
        )
        for j in jobs_by_state(at)
    )


def _database() -> DatabaseFigures:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_database_size(current_database()), current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
        )
        size, most = cursor.fetchone()
        cursor.execute(
            # what other roles do is hidden from ours, but not that they are connected
            "select coalesce(state, 'of other roles'), count(*) from pg_stat_activity "
            "where datid is not null and usesysid is not null group by 1"
        )
        return DatabaseFigures(size, dict(cursor.fetchall()), most)


def _last_backup() -> Backup | None:
    """Return the newest backup on record, and when a copy restored from it was proved."""
    made = AuditEvent.objects.filter(action=BACKUP_MADE).order_by("-at", "-pk").first()
    if made is None:
        return None
    mark = made.data.get("sha256", "")
    proved = (
        AuditEvent.objects.filter(action=BACKUP_PROVED, data__sha256=mark)
        .order_by("-at", "-pk")
        .first()
    )
    return Backup(made.at, int(made.data.get("bytes", 0)), proved.at if proved else None)
