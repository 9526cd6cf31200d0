"""Counts what this process answers, and writes it where every process can read it."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

from django.conf import settings

from apps.site.operations.rules import Tally
from apps.site.operations.selectors.processes import began

WRITTEN_AFTER = 2.0  # seconds; until then a count is told by its own process alone


class OwnCounts:
    """The counts of one process; a fork of it begins its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self.pid, self.tally = os.getpid(), Tally()
        self.started, self.waits = time.time(), False

    def add(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request, and have the counts written within a few seconds."""
        with self.lock:
            if self.pid != os.getpid():
                self._begin()
            self.tally.add(method=method, route=route, status=status, seconds=seconds)
            if self.waits or settings.METRICS_FOLDER is None:
                return
            self.waits = True
        timer = threading.Timer(WRITTEN_AFTER, self.write)
        timer.daemon = True
        timer.start()

    def write(self) -> None:
        """Write the counts to the process's own file; a disk that is full keeps none of them."""
        folder = settings.METRICS_FOLDER
        with self.lock:
            if self.pid != os.getpid():
                self._begin()
            self.waits = False
            told = {
                "pid": self.pid,
                "began": began(self.pid),
                "started": self.started,
                **self.tally.as_json(),
            }
        if folder is None:
            return
        path = Path(folder) / f"{self.pid}.json"
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_text(json.dumps(told))
            part.replace(path)
        except OSError:  # told at the next writing; the counts are still held
            part.unlink(missing_ok=True)


COUNTS = OwnCounts()
