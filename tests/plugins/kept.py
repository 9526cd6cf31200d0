"""The furnished server, kept stopped between runs under a key of all that makes it.

It takes long to migrate and furnish a database, and little to copy the files of a server. A run
whose key finds one begins with its copy; another furnishes anew and keeps what it made. The key is
of the code, the fixtures, the packages, the settings and the day: what was furnished on another day
says it was recorded then.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
MADE_BY = (
    "apps",
    "rmrcpm",
    "fixtures",
    "requirements.txt",
    "tests/conftest.py",
    "tests/plugins/cluster.py",
    "tests/plugins/kept.py",
)
PASSED_OVER = ("RMRCPM_HOME", "RMRCPM_PGDATA", "RMRCPM_TEST_")  # where things are, and whose turn


def key(root=ROOT, at=None):
    """Return the key of what a run made now would be furnished with."""
    from rmrcpm.database import choose_binaries, major_version
    from rmrcpm.stamp import fingerprint, installed

    at = at or datetime.now(UTC)
    days = [at.date().isoformat(), at.astimezone(ZoneInfo("America/Los_Angeles")).date()]
    ours = ("RMRCPM_", "DJANGO_", "CELERY_")
    settings = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if name.startswith(ours) and not name.startswith(PASSED_OVER)
    )
    server = major_version(choose_binaries(os.environ.get("RMRCPM_POSTGRES", "")))
    made = [fingerprint(root, MADE_BY), installed(), server, *days, *settings]
    return sha256("\n".join(map(str, made)).encode()).hexdigest()[:24]


@contextmanager
def alone(folder):
    """Hold the kept servers of a folder: none is copied while it is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take(folder, name, data):
    """Copy the kept server of a key to a data folder; whether there was one."""
    with alone(folder):
        if not (folder / name).exists():
            return False
        shutil.copytree(folder / name, data, dirs_exist_ok=True)
        return True


def keep(folder, name, data):
    """Keep the files of a stopped server under its key, in place of every other."""
    with alone(folder):
        part = folder / "part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(data, part)
        for old in folder.iterdir():
            if old.is_dir() and old != part:
                shutil.rmtree(old)
        part.rename(folder / name)
