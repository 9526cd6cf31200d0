"""The web processes of this machine, by the files in which each writes what it has answered."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.site.operations.codes import Answered, Duration, WebProcess

PAGE = os.sysconf("SC_PAGE_SIZE")


def web_processes() -> tuple[WebProcess, ...]:
    """Return the web processes that run now, by number; files of those that have ended go."""
    folder = settings.METRICS_FOLDER
    if folder is None or not folder.is_dir():
        return ()
    found = (_read(path) for path in sorted(folder.glob("*.json")))
    return tuple(sorted((p for p in found if p is not None), key=lambda p: p.pid))


def began(pid: int) -> str:
    """Return when a process began, as the kernel counts it; blank where there is none.

    A number is given to another process some day; number and beginning together are not.
    """
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return after_name[19]


def _read(path: Path) -> WebProcess | None:
    try:
        told: dict[str, Any] = json.loads(path.read_text())
        pid = int(told["pid"])
        if began(pid) != told["began"]:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        return WebProcess(
            pid,
            float(told["started"]),
            _resident(pid),
            tuple(Answered(*row) for row in told["answered"]),
            tuple(Duration(route, tuple(n), total) for route, n, total in told["durations"]),
        )
    except (OSError, ValueError, KeyError, TypeError):  # half written, or of another release
        return None


def _resident(pid: int) -> int:
    """Return the memory of a process in bytes; 0 where it has just ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0
