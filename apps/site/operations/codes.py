"""The figures of a running system, as the page and the metrics both tell them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

# seconds; the upper ends of the classes in which durations of requests are counted
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# by name of an alarm the part of the administrators' guide that says what to do
STEPS = {
    "database": "the-database-does-not-answer",
    "not_ready": "background-work-stands-still",
    "disk": "a-disk-is-nearly-full",
    "connections": "connections-to-the-database-run-short",
    "queue": "a-job-waits-too-long",
    "jobs_failed": "jobs-have-failed",
    "backup": "the-backup-is-old-or-not-proved",
    "backup_unproved": "the-backup-is-old-or-not-proved",
}
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True)
class Answered:
    """Requests of one method, route and status that one process has answered."""

    method: str
    route: str
    status: int
    count: int


@dataclass(frozen=True)
class Duration:
    """How long one process took for the requests of a route.

    ``classes``: how many took up to each of ``SECONDS`` (not summed up), then how many longer.
    """

    route: str
    classes: tuple[int, ...]
    total: float


@dataclass(frozen=True)
class WebProcess:
    """One web process: its number, since when it runs, its memory in bytes, what it answered."""

    pid: int
    started: float
    resident_bytes: int
    answered: tuple[Answered, ...] = ()
    durations: tuple[Duration, ...] = ()

    @property
    def since(self) -> datetime:
        """The moment it began."""
        return datetime.fromtimestamp(self.started, UTC)

    @property
    def requests(self) -> int:
        """How many requests it has answered."""
        return sum(a.count for a in self.answered)

    @property
    def broken(self) -> int:
        """How many of them with a status of 500 and more."""
        return sum(a.count for a in self.answered if a.status >= 500)


@dataclass(frozen=True)
class StateCount:
    """Jobs or runs of one kind in one state.

    oldest: since when the oldest waits or is at work. limit: how many seconds it may wait. title:
    what people call the kind.
    """

    kind: str
    state: str
    count: int
    oldest: datetime | None = None
    limit: int | None = None
    title: str = ""

    @property
    def limit_minutes(self) -> int | None:
        """How many minutes it may wait."""
        return None if self.limit is None else self.limit // 60

    def late(self, at: datetime) -> bool:
        """Whether the oldest has waited beyond its limit at a moment."""
        if self.limit is None or self.oldest is None:
            return False
        return (at - self.oldest).total_seconds() > self.limit


@dataclass(frozen=True)
class DiskSpace:
    """The room of the disk that holds a place, in bytes."""

    place: str
    free: int
    size: int

    @property
    def share(self) -> float:
        """The part that is free, 0 to 1."""
        return self.free / self.size if self.size else 0.0


@dataclass(frozen=True)
class DatabaseFigures:
    """Size in bytes; connections by what they do, and how many there may be."""

    size: int
    connections: dict[str, int]
    most: int

    @property
    def used(self) -> int:
        """Connections of all states."""
        return sum(self.connections.values())


@dataclass(frozen=True)
class Backup:
    """The newest backup on record: when, how large (bytes), when a restored copy was proved."""

    at: datetime
    size: int
    proved_at: datetime | None


@dataclass(frozen=True)
class WorkFigures:
    """What the database knows of background work, runs and itself at one moment."""

    jobs: tuple[StateCount, ...]
    failed_lately: int
    queue: int | None
    runs: tuple[StateCount, ...]
    stale: dict[str, int]
    database: DatabaseFigures
    backup: Backup | None
    first_event: datetime | None
    worker_seen: datetime | None
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class SystemFigures:
    """Everything at one moment. ``work`` is None where the database does not answer: ``trouble``
    says why.
    """

    at: datetime
    web: tuple[WebProcess, ...]
    disks: tuple[DiskSpace, ...]
    work: WorkFigures | None
    trouble: str = ""


@dataclass(frozen=True)
class AlarmLimits:
    """From where on a figure is an alarm; ``backup_hours``: 0 for a site backed up elsewhere."""

    disk_share: float = 0.10
    connections_share: float = 0.80
    backup_hours: int = 26
    failed_lately: int = 0


@dataclass(frozen=True)
class Alarm:
    """One thing that somebody has to look after: a short name for programs, what, what to do.

    ``grave``: the product does not work, or soon will not; otherwise it should be looked at.
    """

    name: str
    sentence: str
    remedy: str
    grave: bool = True

    @property
    def steps(self) -> str:
        """The part of the administrators' guide that says what to do, by its anchor."""
        return STEPS[self.name]


@dataclass(frozen=True)
class FigureLine:
    """One figure of the system in words: what it is, what it is now, from where on it is an alarm.

    ``alarm``: the name of that alarm, blank where none depends on it; ``stands``: whether it does.
    """

    name: str
    value: str
    meaning: str
    limit: str = ""
    alarm: str = ""
    stands: bool = False

    @property
    def steps(self) -> str:
        """The part of the administrators' guide that says what to do; blank without an alarm."""
        return STEPS.get(self.alarm, "")


@dataclass(frozen=True)
class MetricFamily:
    """One metric: its name, what it means, its type, and a value for each set of labels."""

    name: str
    meaning: str
    kind: str
    samples: tuple[tuple[str, dict[str, str], float], ...] = field(default=())
