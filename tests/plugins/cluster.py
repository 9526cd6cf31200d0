"""Starts a throw-away PostgreSQL before pytest-django reads the settings; stops it at the end."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("RMRCPM_HOME", str(ROOT / "var" / "test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings_test")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
_RUNNING = []


def start():
    if os.environ.get("DATABASE_URL") or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    from rmrcpm.database import Server, spawn_guard

    data = Path(os.environ["RMRCPM_HOME"]) / f"postgres-{os.getpid()}"
    os.environ["RMRCPM_PGDATA"] = str(data)
    server = Server(data)
    server.start(fsync="off", synchronous_commit="off", full_page_writes="off")
    server.provide()
    _RUNNING.append((server, spawn_guard(data, mode="immediate")))


start()


def pytest_unconfigure():
    for server, guard in _RUNNING:
        guard.stdin.close()
        guard.wait(timeout=30)
        shutil.rmtree(server.data, ignore_errors=True)
        shutil.rmtree(server.socket, ignore_errors=True)
    _RUNNING.clear()
