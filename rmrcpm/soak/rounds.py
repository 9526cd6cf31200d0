"""One round after the other: kill, see when it is noticed, see when all goes on again."""

from __future__ import annotations

import random
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from rmrcpm.soak.homes import Home
from rmrcpm.soak.killing import STANDS_STILL, VICTIMS, Programs, deck, kill

NOTICED_WITHIN, AGAIN_WITHIN = 15.0, 30.0  # seconds
WAITED_AT_MOST = 180.0
LOOK_EVERY = 0.2
CALM = (0.3, 4.0)  # seconds from one round's end to the next kill
WORK_DONE = """
select exists (select 1 from jobs_job where state = 'DONE' and started_at > %(at)s)
    or exists (select 1 from home_heartbeat where name = 'worker' and at > %(at)s)
"""


@dataclass
class Round:
    """What a round saw, in seconds after the kill; None: not seen."""

    number: int
    kind: str
    noticed: float | None = None
    again: float | None = None
    unready: int = 0
    worker_ended: bool = False

    @property
    def faults(self) -> list[str]:
        """Return what was not as it should be."""
        found = []
        if self.noticed is None or self.noticed > NOTICED_WITHIN:
            found.append(f"noticed after {_said(self.noticed)}")
        if self.again is None or self.again > AGAIN_WITHIN:
            found.append(f"running again after {_said(self.again)}")
        if self.kind in STANDS_STILL and not self.unready:
            found.append("the health page said all the while that all is well")
        return found


def _said(seconds: float | None) -> str:
    return "nothing" if seconds is None else f"{seconds:.1f} s"


class Probe:
    """Asks the health page all the time, as a site's probe does."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.seen: list[tuple[float, bool]] = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._go, daemon=True, name="probe")
        self.thread.start()

    def _go(self) -> None:
        while not self.ended.wait(LOOK_EVERY):
            asked = time.monotonic()
            self.seen.append((asked, self._ready()))

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.home.url}/health/ready", timeout=5) as reply:
                return bool(reply.status == 200)
        except (OSError, ValueError):  # 503 is an error of urllib too
            return False

    def since(self, moment: float) -> list[tuple[float, bool]]:
        """Return what was seen of requests sent after a moment."""
        return [s for s in list(self.seen) if s[0] >= moment]


def work_is_done(home: Home, since: datetime) -> bool:
    """Whether a worker has begun and ended something since a moment."""
    try:
        with home.database() as connection:
            found = connection.execute(WORK_DONE, {"at": since}).fetchone()
    except psycopg.Error:
        return False
    return bool(found and found[0])


class Killer:
    """Goes round after round."""

    def __init__(self, home: Home, chance: random.Random) -> None:
        self.home, self.chance = home, chance
        self.programs, self.probe = Programs(home), Probe(home)
        self.draw = deck(chance, VICTIMS)

    def wait_for_work(self) -> None:
        """Wait until every program runs and work has been done: what starts is not killed yet."""
        at, until = datetime.now(UTC), time.monotonic() + WAITED_AT_MOST
        while time.monotonic() < until:
            if self.programs.whole(0) and work_is_done(self.home, at):
                return
            time.sleep(LOOK_EVERY)

    def round(self, number: int) -> Round | None:
        """Kill one process and watch; None where none of the kind was found."""
        kind = self.draw()
        time.sleep(self.chance.uniform(*CALM))
        victim = VICTIMS[kind](self.programs, self.chance)
        before = self.programs.now()
        if victim is None or not kill(victim):
            return None
        began, at = time.monotonic(), datetime.now(UTC)
        found = Round(number, kind)
        while time.monotonic() - began < WAITED_AT_MOST:
            time.sleep(LOOK_EVERY)
            passed = time.monotonic() - began
            answers = self.probe.since(began)
            found.unready = sum(not ready for _, ready in answers)
            whole = self.programs.whole(victim)
            if found.noticed is None:
                first = next((at - began for at, ready in answers if not ready), None)
                found.noticed = first if first is not None else (passed if whole else None)
            if whole and answers and answers[-1][1] and work_is_done(self.home, at):
                found.again = passed
                break
            if self.home.launcher is None or self.home.launcher.poll() is not None:
                break
        found.worker_ended = "child" in kind and self.programs.now()["worker"] != before["worker"]
        if found.worker_ended:  # another child stood there at once, and could do nothing
            seen = self.probe.since(began)
            found.noticed = next((at - began for at, ready in seen if not ready), None)
        return found
