"""The table of a benchmark: how its figures are taken, its rows, and how it is written."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5
OUT = Path("bench-out")


def median_of(action: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median seconds of an action and the spread between quickest and slowest."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken), max(taken) - min(taken)


def row(what, seconds, spread, baseline, ratio, target):
    """Return one line of the table."""
    return {
        "what": what,
        "median_s": f"{seconds:.3f}",
        "spread_s": f"{spread:.3f}",
        "baseline": baseline,
        "ratio": ratio,
        "target": target,
    }


def write(rows):
    """Write the table as Markdown and JSON, with commit, versions and peak memory."""
    OUT.mkdir(exist_ok=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    about = {
        "commit": commit,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "rounds": ROUNDS,
        "peak_memory_mb": round(peak),
    }
    (OUT / "bench.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1))
    lines = [
        "| What | Median s | Spread s | Baseline, same run | Ratio | Target |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {r['what']} | {r['median_s']} | {r['spread_s']} | {r['baseline']} | {r['ratio']} "
            f"| {r['target']} |"
            for r in rows
        ),
        "",
        ", ".join(f"{k} {v}" for k, v in about.items()),
    ]
    text = "\n".join(lines) + "\n"
    (OUT / "bench.md").write_text(text)
    print(text)
