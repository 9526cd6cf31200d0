"""What one process has answered: requests by method, route and status, durations by route."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from apps.site.operations.codes import METHODS, SECONDS, Answered, Duration


class Tally:
    """Counts of one process; the caller keeps two threads from counting at once."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str, int], int] = {}
        self.classes: dict[str, list[int]] = {}
        self.totals: dict[str, float] = {}

    def add(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; a method nobody knows is *OTHER*, so that callers make no series."""
        key = (method if method in METHODS else "OTHER", route, status)
        self.counts[key] = self.counts.get(key, 0) + 1
        classes = self.classes.setdefault(route, [0] * (len(SECONDS) + 1))
        classes[bisect_left(SECONDS, seconds)] += 1
        self.totals[route] = self.totals.get(route, 0.0) + seconds

    @property
    def answered(self) -> tuple[Answered, ...]:
        """The requests, in the order of method, route and status."""
        return tuple(Answered(*key, count) for key, count in sorted(self.counts.items()))

    @property
    def durations(self) -> tuple[Duration, ...]:
        """The durations by route."""
        return tuple(
            Duration(route, tuple(classes), self.totals[route])
            for route, classes in sorted(self.classes.items())
        )

    def as_json(self) -> dict[str, Any]:
        """Return the counts as a file keeps them."""
        return {
            "answered": [[a.method, a.route, a.status, a.count] for a in self.answered],
            "durations": [[d.route, list(d.classes), d.total] for d in self.durations],
        }
