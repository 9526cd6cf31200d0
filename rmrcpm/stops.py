"""Which background programs have stopped by themselves, and when: for the health page.

The launcher notes what it sees end. With systemd each unit does so by its own end:
``ExecStopPost=... python -m rmrcpm.stops worker``, which notes nothing after an orderly stop.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from rmrcpm import env

BACKGROUND = ("worker", "beat")
ORDERLY = "success"  # what systemd says of a stop that was asked for


def place(home: Path) -> Path:
    """Return the file in a home that holds them."""
    return home / "stopped.json"


def note(home: Path, name: str, at: datetime) -> None:
    """Note that a background program has stopped; of others nothing is kept.

    It stands there until the health page sees work that was done later.
    """
    if name not in BACKGROUND:
        return
    with (home / "stopped.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            found = json.loads(place(home).read_text())
        except (OSError, ValueError):
            found = {}
        write(home, found | {name: at.isoformat()})


def write(home: Path, stops: dict[str, str]) -> None:
    """Write what has stopped, whole or not at all."""
    home.mkdir(parents=True, exist_ok=True)
    part = place(home).with_suffix(".part")
    part.write_text(json.dumps(stops))
    part.replace(place(home))


def main(words: list[str]) -> int:
    """Note the stop of the program that is named, unless systemd says that it was asked for."""
    if len(words) != 1 or words[0] not in BACKGROUND:
        print(f"Say which has stopped: {' or '.join(BACKGROUND)}.", file=sys.stderr)
        return 2
    if os.environ.get("SERVICE_RESULT", "") != ORDERLY:
        note(env.home(), words[0], datetime.now(UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
