"""The figures of the running system as metrics; each is also on the page System health."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from apps.site.operations.codes import (
    SECONDS,
    Alarm,
    AlarmLimits,
    MetricFamily,
    StateCount,
    SystemFigures,
    WebProcess,
    WorkFigures,
)
from apps.site.operations.rules.alarms import ALARM_NAMES

Sample = tuple[str, dict[str, str], float]


def families(
    figures: SystemFigures, alarms: Sequence[Alarm], limits: AlarmLimits
) -> list[MetricFamily]:
    """Return every metric: processes and disks always, the rest where the database answers."""
    return [
        *_of_web(figures.web),
        _gauge(
            "disk_free_bytes",
            "Free bytes of the disk that holds a place.",
            [({"place": d.place}, d.free) for d in figures.disks],
        ),
        _gauge(
            "disk_size_bytes",
            "Bytes of the disk that holds a place.",
            [({"place": d.place}, d.size) for d in figures.disks],
        ),
        _gauge(
            "database_up",
            "1 where the database answers.",
            [({}, figures.work is not None)],
        ),
        *(_of_work(figures.work, figures.at) if figures.work else []),
        _gauge(
            "alarms",
            "Alarms that stand, by name; the page System health says what to do.",
            [({"name": n}, sum(a.name == n for a in alarms)) for n in ALARM_NAMES],
        ),
        _gauge(
            "alarm_limit",
            "From where on a figure is an alarm: disk, the share that is free, below it; "
            "connections, the share in use, from it; jobs_failed, jobs in 24 hours, above it; "
            "backup, seconds since it was made, above them (0: never).",
            [
                ({"name": "disk"}, limits.disk_share),
                ({"name": "connections"}, limits.connections_share),
                ({"name": "jobs_failed"}, limits.failed_lately),
                ({"name": "backup"}, limits.backup_hours * 3600),
            ],
        ),
    ]


def _gauge(
    name: str, meaning: str, samples: Sequence[tuple[dict[str, str], float]]
) -> MetricFamily:
    told = tuple(("", labels, float(value)) for labels, value in samples)
    return MetricFamily(f"rmrcpm_{name}", meaning, "gauge", told)


def _of_web(processes: Sequence[WebProcess]) -> Iterator[MetricFamily]:
    each = [({"process": str(p.pid)}, p) for p in processes]
    yield _gauge(
        "process_start_time_seconds",
        "When a web process began, in seconds since 1970.",
        [(labels, p.started) for labels, p in each],
    )
    yield _gauge(
        "process_resident_bytes",
        "Memory of a web process.",
        [(labels, p.resident_bytes) for labels, p in each],
    )
    yield MetricFamily(
        "rmrcpm_requests_total",
        "Requests that a web process has answered, by method, route and status.",
        "counter",
        tuple(
            (
                "",
                labels | {"method": a.method, "route": a.route, "status": str(a.status)},
                float(a.count),
            )
            for labels, p in each
            for a in p.answered
        ),
    )
    yield MetricFamily(
        "rmrcpm_request_seconds",
        "How long a web process took for the requests of a route, until its answer began.",
        "histogram",
        tuple(s for labels, p in each for s in _durations(labels, p)),
    )


def _durations(labels: dict[str, str], process: WebProcess) -> Iterator[Sample]:
    for duration in process.durations:
        of = labels | {"route": duration.route}
        upto = 0
        for end, count in zip([*map(str, SECONDS), "+Inf"], duration.classes, strict=True):
            upto += count
            yield "_bucket", of | {"le": end}, float(upto)
        yield "_sum", of, duration.total
        yield "_count", of, float(upto)


def _of_work(work: WorkFigures, at: datetime) -> Iterator[MetricFamily]:
    yield _gauge(
        "ready", "1 where requests and background work are served.", [({}, not work.wrong)]
    )
    if work.worker_seen is not None:
        yield _gauge(
            "worker_seen_seconds",
            "Seconds since a task sent by beat was last done by a worker.",
            [({}, _ago(work.worker_seen, at))],
        )
    yield from _of_states("job", "jobs", work.jobs, at)
    yield _gauge(
        "job_wait_limit_seconds",
        "How long a queued job of a kind may wait; beyond it the alarm queue stands.",
        [({"kind": j.kind}, j.limit) for j in work.jobs if j.limit is not None],
    )
    yield _gauge(
        "jobs_failed_last_day", "Jobs that failed in the last 24 hours.", [({}, work.failed_lately)]
    )
    if work.queue is not None:
        yield _gauge("queue_messages", "Messages that wait in the queue.", [({}, work.queue)])
    yield from _of_states("run", "runs", work.runs, at)
    yield _gauge(
        "runs_stale",
        "Published runs whose inputs have changed since, by kind.",
        [({"kind": kind}, count) for kind, count in sorted(work.stale.items())],
    )
    yield _gauge("database_size_bytes", "Size of the database.", [({}, work.database.size)])
    yield _gauge(
        "database_connections",
        "Connections to the database server by what they do.",
        [({"state": s}, n) for s, n in sorted(work.database.connections.items())],
    )
    yield _gauge(
        "database_connections_max",
        "Connections the server allows to programs.",
        [({}, work.database.most)],
    )
    if work.backup is not None:
        yield _gauge(
            "backup_age_seconds",
            "Seconds since the newest backup was made.",
            [({}, _ago(work.backup.at, at))],
        )
        yield _gauge("backup_size_bytes", "Size of the newest backup.", [({}, work.backup.size)])
        yield _gauge(
            "backup_proved",
            "1 where the newest backup was restored and came to what was published.",
            [({}, work.backup.proved_at is not None)],
        )


def _of_states(
    one: str, many: str, counts: Sequence[StateCount], at: datetime
) -> Iterator[MetricFamily]:
    yield _gauge(
        many,
        f"{many.capitalize()} by kind and state.",
        [({"kind": c.kind, "state": c.state}, c.count) for c in counts],
    )
    yield _gauge(
        f"{one}_oldest_seconds",
        f"How long the oldest {one} of a kind has been waiting or at work.",
        [
            ({"kind": c.kind, "state": c.state}, _ago(c.oldest, at))
            for c in counts
            if c.oldest is not None
        ],
    )


def _ago(moment: datetime, at: datetime) -> float:
    """Return the seconds since a moment; none where a clock was set back."""
    return max((at - moment).total_seconds(), 0.0)
