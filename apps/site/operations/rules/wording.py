"""The figures of the running system in words: what each is, and from where on it is an alarm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from apps.platform.core.words import counted
from apps.site.operations.codes import (
    Alarm,
    AlarmLimits,
    Backup,
    DiskSpace,
    FigureLine,
    SystemFigures,
    WorkFigures,
)

GIGABYTE, MEGABYTE = 1_000_000_000, 1_000_000
# what the database server calls a connection by what it does
CONNECTIONS = {
    "active": "at work on a statement",
    "idle": "open, asked for nothing at the moment",
    "idle in transaction": "within a transaction, between two statements",
    "idle in transaction (aborted)": "within a transaction that has failed",
    "fastpath function call": "at work on a function",
    "disabled": "not told by the server",
    "of other roles": "of other roles of the server",
}


def figure_lines(
    figures: SystemFigures, limits: AlarmLimits, found: Sequence[Alarm]
) -> list[FigureLine]:
    """Return every figure that stands alone, in words; ``found``: the alarms that stand."""
    named = {alarm.name for alarm in found}
    if figures.work is None:
        lines = [
            FigureLine(
                "Database",
                "does not answer",
                "Nothing is read or kept without it.",
                "where it does not answer",
                "database",
            )
        ]
    else:
        lines = [*_of_work(figures, figures.work, limits)]
    lines += [_disk(disk, limits) for disk in figures.disks]
    return [
        FigureLine(
            line.name,
            line.value,
            line.meaning,
            line.limit,
            line.alarm,
            line.stands or (line.alarm in named and line.alarm != "disk") or _old(line, named),
        )
        for line in lines
    ]


def _old(line: FigureLine, named: set[str]) -> bool:
    """Whether a backup that is not proved is too old besides."""
    return line.alarm == "backup_unproved" and "backup" in named


def _of_work(
    figures: SystemFigures, work: WorkFigures, limits: AlarmLimits
) -> Iterator[FigureLine]:
    yield FigureLine(
        "Requests and background work",
        "not ready" if work.wrong else "ready",
        "What /health/ready answers: the database answers, its tables are of this release, and "
        "background work is done.",
        "where something of it is not so",
        "not_ready",
    )
    yield FigureLine(
        "Background work last seen",
        "not yet" if work.worker_seen is None else f"{lasting(figures.at - work.worker_seen)} ago",
        "When a worker last did the task that beat sends every half minute.",
        "2 minutes, unless a worker tells that all its children are at work",
        "not_ready",
    )
    waits = "not told" if work.queue is None else counted(work.queue, "message")
    yield FigureLine(
        "Queue",
        waits,
        "Messages that no worker has taken yet; each names a job or a task.",
        "none by number: by how long the oldest job of a kind waits, see Jobs",
        "queue",
    )
    yield FigureLine(
        "Failed jobs",
        counted(work.failed_lately, "job"),
        "Jobs that failed in the last 24 hours.",
        f"more than {limits.failed_lately}",
        "jobs_failed",
    )
    most = work.database.most
    yield FigureLine(
        "Database connections",
        f"{work.database.used:,} of {most:,}",
        "Connections that programs hold, of those the server allows.",
        f"{limits.connections_share:.0%} in use",
        "connections",
    )
    yield FigureLine(
        "Size of the database", written_bytes(work.database.size), "All its tables and indices."
    )
    yield _backup(figures, work.backup, limits)


def _backup(figures: SystemFigures, backup: Backup | None, limits: AlarmLimits) -> FigureLine:
    limit = (
        f"older than {limits.backup_hours} hours, or not proved by a restore"
        if limits.backup_hours
        else "none: RMRCPM_ALARM_BACKUP_HOURS is 0"
    )
    if backup is None:
        value = "none on record"
    else:
        proved = "not proved yet" if backup.proved_at is None else "proved by a restore"
        value = f"{lasting(figures.at - backup.at)} ago, {written_bytes(backup.size)}, {proved}"
    alarm = "backup_unproved" if backup is not None and backup.proved_at is None else "backup"
    return FigureLine(
        "Last backup", value, "What manage.py backup wrote last, as it was noted.", limit, alarm
    )


def _disk(disk: DiskSpace, limits: AlarmLimits) -> FigureLine:
    return FigureLine(
        f"Disk of {disk.place}",
        f"{written_bytes(disk.free)} free of {written_bytes(disk.size)} ({disk.share:.0%})",
        "Room for files, logs and, where it is embedded, the database.",
        f"below {limits.disk_share:.0%} free",
        "disk",
        disk.share < limits.disk_share,
    )


def connection_words(connections: dict[str, int]) -> list[tuple[str, int]]:
    """Return how many connections do what, in words, the most first."""
    told = sorted(connections.items(), key=lambda one: (-one[1], one[0]))
    return [(CONNECTIONS.get(state, state), count) for state, count in told]


def lasting(span: timedelta) -> str:
    """Return a span of time in its largest unit, rounded down: 40 seconds, 3 hours, 2 days."""
    seconds = max(int(span.total_seconds()), 0)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * length:
            return counted(seconds // length, unit)
    return counted(seconds, "second")


def written_bytes(count: int) -> str:
    """Return a number of bytes in GB, or below one in MB, with one decimal."""
    if count >= GIGABYTE:
        return f"{count / GIGABYTE:,.1f} GB"
    return f"{count / MEGABYTE:,.1f} MB"
