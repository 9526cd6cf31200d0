"""``make bench-start``: how long the product takes to be ready, the first time and again.

Beside the seconds a person waits stands the processor time of all its programs, which says more
where other work shares the machine. ``RMRCPM_BENCH_LIMIT`` bounds one start (300 s).
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rmrcpm import env
from rmrcpm.bench.table import row, write

AGAIN = 3
TICKS = os.sysconf("SC_CLK_TCK")


def used(home):
    """Return the processor seconds of every program of a home so far, ended children included."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"RMRCPM_HOME={home}".encode() not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / TICKS


def started(home, limit):
    """Start the product and stop it; return the seconds until ready, and of the processor."""
    said = home.with_suffix(".txt")
    with said.open("w") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "rmrcpm.launch"],
            cwd=env.BASE,
            env=os.environ | {"RMRCPM_HOME": str(home), "PORT": "8400"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + limit
        while program.poll() is None and time.monotonic() < until:
            found = re.search(r"started in ([0-9.]+) s", said.read_text())
            if found:
                return float(found[1]), used(home)
            time.sleep(0.05)
        raise SystemExit(f"not ready within {limit:.0f} s:\n{said.read_text()}")
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(timeout=90)


def main():
    """Measure a first start from an empty home, then some more of the same home."""
    limit = float(env.text("RMRCPM_BENCH_LIMIT", "300"))
    with tempfile.TemporaryDirectory(prefix="rmrcpm-start-") as folder:
        home = Path(folder) / "home"
        first, first_used = started(home, limit)
        again = [started(home, limit) for _ in range(AGAIN)]
    load = f"load {os.getloadavg()[0]:.1f}"
    took = [seconds for seconds, _ in again]
    spent = statistics.median(seconds for _, seconds in again)
    write(
        [
            row("first start", first, 0, f"processor {first_used:.1f} s", load, "<= 45 s"),
            row(
                f"start again, median of {AGAIN}",
                statistics.median(took),
                max(took) - min(took),
                f"processor {spent:.1f} s",
                load,
                "<= 10 s",
            ),
        ]
    )


if __name__ == "__main__":
    main()
