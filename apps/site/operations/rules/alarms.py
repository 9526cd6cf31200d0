"""When a figure of the running system is an alarm, and what to do then."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.site.operations.codes import (
    Alarm,
    AlarmLimits,
    Backup,
    DatabaseFigures,
    DiskSpace,
    StateCount,
    SystemFigures,
    WorkFigures,
)

ALARM_NAMES = (
    "database",
    "not_ready",
    "disk",
    "connections",
    "queue",
    "jobs_failed",
    "backup",
    "backup_unproved",
)
GIGABYTE = 1_000_000_000


def alarms(figures: SystemFigures, limits: AlarmLimits) -> list[Alarm]:
    """Return what somebody has to look after, the grave first; empty where all is well."""
    found = [_disk(d) for d in figures.disks if d.share < limits.disk_share]
    if figures.work is None:
        found.append(
            Alarm(
                "database",
                f"The database does not answer: {figures.trouble}.",
                "Look whether PostgreSQL runs, and at its log.",
            )
        )
    else:
        found += _of_work(figures.work, figures.at, limits)
    return sorted(found, key=lambda alarm: (not alarm.grave, ALARM_NAMES.index(alarm.name)))


def _disk(disk: DiskSpace) -> Alarm:
    return Alarm(
        "disk",
        f"The disk of {disk.place} has {disk.free / GIGABYTE:.1f} GB free of "
        f"{disk.size / GIGABYTE:.1f} GB ({disk.share:.0%}).",
        "Make room, or give the disk more: when it is full, nothing is taken in any more.",
    )


def _of_work(work: WorkFigures, at: datetime, limits: AlarmLimits) -> list[Alarm]:
    found = [
        Alarm("not_ready", f"{said[:1].upper()}{said[1:]}.", "See the log of worker and beat.")
        for said in work.wrong
    ]
    found += _connections(work.database, limits)
    found += _queue(work.jobs, at)
    if work.failed_lately > limits.failed_lately:
        found.append(
            Alarm(
                "jobs_failed",
                f"{work.failed_lately} job{'s' if work.failed_lately > 1 else ''} failed in the "
                "last 24 hours.",
                "Open the list of failed jobs: each says why and what to do.",
                grave=False,
            )
        )
    return [*found, *_backup(work.backup, work.first_event, at, limits)]


def _connections(database: DatabaseFigures, limits: AlarmLimits) -> list[Alarm]:
    if database.used < database.most * limits.connections_share:
        return []
    return [
        Alarm(
            "connections",
            f"{database.used} of {database.most} connections to the database are in use.",
            "See who holds them in pg_stat_activity; raise max_connections, or run fewer programs.",
        )
    ]


def _queue(jobs: tuple[StateCount, ...], at: datetime) -> list[Alarm]:
    late = [
        (j, int((at - j.oldest).total_seconds()))
        for j in jobs
        if j.oldest is not None and j.late(at)
    ]
    return [
        Alarm(
            "queue",
            f"{job.title or job.kind}: a job has waited for {seconds // 60} minutes, of "
            f"{job.limit_minutes} it may wait ({job.count:,} queued).",
            "Look whether a worker runs and what it is at; more workers take more at once.",
        )
        for job, seconds in late
    ]


def _backup(
    backup: Backup | None, since: datetime | None, at: datetime, limits: AlarmLimits
) -> list[Alarm]:
    """Whether the newest backup is young enough; a database that is younger needs none yet."""
    if not limits.backup_hours:
        return []
    allowed = timedelta(hours=limits.backup_hours)
    if backup is None:
        if since is None or at - since <= allowed:
            return []
        return [
            Alarm(
                "backup",
                "No backup of this database is on record.",
                "Run manage.py backup each day, and keep the file on another machine.",
            )
        ]
    if at - backup.at > allowed:
        hours = int((at - backup.at).total_seconds() // 3600)
        return [
            Alarm(
                "backup",
                f"The last backup was made {hours} hours ago.",
                "See why the daily backup did not run, and make one now.",
            )
        ]
    if backup.proved_at is None:
        return [
            Alarm(
                "backup_unproved",
                "The last backup has not been restored to prove it.",
                "Run manage.py restore FILE --into NAME on it; it proves every published run.",
                grave=False,
            )
        ]
    return []
