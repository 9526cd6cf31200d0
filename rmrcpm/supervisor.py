"""Look after the running programs: what has died, is stopped, or does no work is started again.

Each program has so many restarts within a while; one that needs more ends the whole product, which
says so, as starting it yet again would only hide a lasting fault.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from rmrcpm.database import DatabaseTrouble

LOOK_EVERY = 1.0  # seconds between two looks at the programs
DATABASE_EVERY = 4.0  # seconds between two looks at the database
WORK_EVERY = 10.0  # seconds between two looks at the health page
NO_WORK_FOR = 180.0  # seconds without a sign of work, after which the worker is started again
FROZEN_FOR = 8.0  # seconds a program may be stopped by a signal, as a debugger does for a moment
MOST_RESTARTS = 8
WITHIN = 600.0  # seconds
LONGEST_PAUSE = 30.0  # seconds
WELL_FOR = 60.0  # seconds; what has run for so long did not die of how it was started


class Programs(Protocol):
    """What the supervisor needs of the launcher."""

    server: Any
    programs: dict[str, Any]

    def start_again(self, name: str) -> None:
        """Start a program again."""

    def keep_guard(self) -> bool:
        """Start the guard of the database again where it has died; return whether it had."""


def is_frozen(pid: int) -> bool:
    """Whether a signal has stopped a process, which then does nothing and does not end."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # it has ended, or the system does not tell
        return False
    return stat.rpartition(")")[2].split()[0] in "Tt"


class Restarts:
    """When each program was started again: how long to wait, and when it is too often."""

    def __init__(self, most: int = MOST_RESTARTS) -> None:
        self.most = most
        self.at: dict[str, list[float]] = defaultdict(list)

    def pause(self, name: str, now: float) -> float | None:
        """Return how long after its last restart a program is started again; None: too often.

        At once where it had run for a minute, else after 1, 2, 4 ... at most 30 seconds.
        """
        lately = self.at[name] = [t for t in self.at[name] if now - t < WITHIN]
        if len(lately) >= self.most:
            return None
        soon = 0
        for later, earlier in zip([now, *reversed(lately)], reversed(lately), strict=False):
            if later - earlier >= WELL_FOR:
                break
            soon += 1
        return 0.0 if not soon else min(2.0 ** (soon - 1), LONGEST_PAUSE)

    def due(self, name: str, now: float) -> bool:
        """Whether the pause is over; raises SystemExit where a program died too often."""
        pause = self.pause(name, now)
        if pause is None:
            raise SystemExit(
                f"The {name} stopped {self.most} times in {WITHIN / 60:.0f} minutes; "
                "everything is stopped. Its log says why."
            )
        return not self.at[name] or now - self.at[name][-1] >= pause

    def note(self, name: str, now: float) -> None:
        """Note a restart."""
        self.at[name].append(now)


class Supervisor:
    """Watches the programs of a product whose web server listens on a port.

    ``stopped`` is told the name of each program that has ended by itself, as soon as that is seen.
    """

    def __init__(
        self,
        product: Programs,
        port: int,
        *,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        stopped: Callable[[str], None] = lambda name: None,
        most_restarts: int = MOST_RESTARTS,
    ) -> None:
        self.product, self.port, self.clock, self.tell = product, port, clock, tell
        self.stopped = stopped
        self.noted: set[Any] = set()
        self.restarts = Restarts(most_restarts)
        self.next_database = self.next_work = 0.0
        self.work_seen = clock()
        self.frozen_since: dict[Any, float] = {}

    def _say(self, text: str) -> None:
        self.tell(f"  {time.strftime('%H:%M:%S')} {text}")

    def run(self) -> None:
        """Look for ever; ends with SystemExit where something cannot be kept alive."""
        while True:
            time.sleep(LOOK_EVERY)
            self.look()

    def look(self) -> None:
        """Look once at everything that is due to be looked at."""
        now = self.clock()
        if self.product.server is not None and now >= self.next_database:
            self.next_database = now + DATABASE_EVERY
            self._database(now)
        if self.product.keep_guard():
            self._say("the guard of the database stopped by itself; started it again")
        for name, program in list(self.product.programs.items()):
            ended = program.poll()
            if ended is None:
                self._frozen(name, program, now)
            if ended is not None and program not in self.noted:
                self.noted.add(program)
                self.stopped(name)
            if ended is not None and self.restarts.due(name, now):
                self._say(f"the {name} stopped by itself (status {ended}); starting it again")
                self._start(name, now)
        if now >= self.next_work:
            self.next_work = now + WORK_EVERY
            self._work(now)

    def _frozen(self, name: str, program: Any, now: float) -> None:
        """Start a program again that a signal has stopped for some seconds."""
        if not is_frozen(program.pid):
            self.frozen_since.pop(program, None)
            return
        if now - self.frozen_since.setdefault(program, now) < FROZEN_FOR:
            return
        if program not in self.noted:
            self.noted.add(program)
            self.stopped(name)
        if self.restarts.due(name, now):
            self._say(f"the {name} does not move; ending it and starting it again")
            del self.frozen_since[program]
            self._start(name, now)

    def _start(self, name: str, now: float) -> None:
        self.restarts.note(name, now)
        self.noted.discard(self.product.programs[name])
        self.product.start_again(name)
        if name in ("worker", "beat"):
            self.work_seen = self.clock()

    def _database(self, now: float) -> None:
        server = self.product.server
        if server.ready() or not self.restarts.due("database", now):
            return
        self._say("the database does not answer; starting it again")
        self.restarts.note("database", now)
        try:
            server.start()
        except DatabaseTrouble as trouble:
            self._say(f"the database does not start: {trouble}")
            return
        self.work_seen = self.clock()
        self._say("the database answers again")

    def _work(self, now: float) -> None:
        """Start worker and beat again where no task has travelled through them for long.

        The health page knows: its sign of life is written by a task that beat has sent. Where it
        cannot be read nothing is concluded.
        """
        said = self._health()
        if said is None or said.get("worker") in ("ok", "busy"):
            self.work_seen = now
        elif now - self.work_seen > NO_WORK_FOR and self.restarts.due("worker", now):
            self._say(f"no background work for {NO_WORK_FOR:.0f} s; starting worker and beat again")
            for name in ("worker", "beat"):
                self._start(name, now)

    def _health(self) -> dict[str, Any] | None:
        try:
            address = f"http://127.0.0.1:{self.port}/health/ready"
            with urllib.request.urlopen(address, timeout=5) as reply:
                found: dict[str, Any] = json.load(reply)
        except urllib.error.HTTPError as answer:  # 503 tells what is wrong
            try:
                found = json.load(answer)
            except ValueError:
                return None
        except (OSError, ValueError):
            return None
        return found if "worker" in found else None
