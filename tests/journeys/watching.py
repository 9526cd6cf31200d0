"""Watch a running product from outside: its processes, its rows, what its health page says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

from tests.journeys.conftest import ROOT

WITHIN = 30  # seconds in which what dies is started again


def wait_until_gone(product, limit=30):
    until = time.monotonic() + limit
    while product.left_behind() and time.monotonic() < until:
        time.sleep(0.3)
    return product.left_behind()


def counts(product):
    """Count files and the runs a start asks for; the schedule may ask for more at any minute."""
    sql = (
        "select (select count(*) from uploads_upload), "
        "(select count(*) from runs_run where reason = 'demo' or kind like 'credits.%')"
    )
    with product.database() as connection:
        return connection.execute(sql).fetchone()


def until(seen, limit=WITHIN):
    """Return how long it took until something was seen; it fails after the limit."""
    began = time.monotonic()
    while time.monotonic() - began < limit:
        try:
            if seen():
                return time.monotonic() - began
        except (OSError, ValueError, AssertionError):
            pass
        time.sleep(0.3)
    raise AssertionError(f"not seen within {limit} s")


def run(words, **env):
    ours = {"RMRCPM_PGDATA", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    kept = {k: v for k, v in os.environ.items() if k not in ours}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=kept | {"DJANGO_SETTINGS_MODULE": "rmrcpm.settings"} | env,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
