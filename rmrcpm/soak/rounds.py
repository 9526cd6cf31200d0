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

from apps.platform.jobs.codes import JOB_LOCK
from rmrcpm.soak.homes import Home
from rmrcpm.soak.killing import OF_REDIS, STANDS_STILL, VICTIMS, Programs, deck, kill

NOTICED_WITHIN, AGAIN_WITHIN = 15.0, 30.0  # seconds
WAITED_AT_MOST = 180.0
LOOK_EVERY = 0.2
CALM = (0.3, 4.0)  # seconds from one round's end to the next kill
WORK_DONE = """
select exists (select 1 from jobs_job where state = 'DONE' and started_at > %(at)s)
    or exists (select 1 from home_heartbeat where name = 'worker' and at > %(at)s)
"""
OPEN_JOBS = "select id from jobs_job where state in ('QUEUED', 'RUNNING')"
OPEN_FILES = "select id from uploads_upload where state = 'RECEIVED'"
NOT_TAKEN_UP = f"""
select 'job ' || j.id || ' ' || j.kind || ' ' || j.state from jobs_job j
where j.id = any(%(jobs)s) and j.state in ('QUEUED', 'RUNNING') and not exists (
    select 1 from pg_locks l
    where l.locktype = 'advisory' and l.classid = {JOB_LOCK} and l.objid = j.id)
union all
select 'file ' || u.id || ' ' || u.file_name from uploads_upload u
where u.id = any(%(files)s) and u.state = 'RECEIVED' and not exists (
    select 1 from jobs_job j
    where j.kind = 'read-upload' and (j.arguments ->> 'upload_id')::bigint = u.id)
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
    taken_up: float | None = None
    left: tuple[str, ...] = ()

    @property
    def faults(self) -> list[str]:
        """Return what was not as it should be."""
        found = []
        if self.noticed is None or self.noticed > NOTICED_WITHIN:
            found.append(f"noticed after {_said(self.noticed)}")
        if self.again is None or self.again > AGAIN_WITHIN:
            found.append(f"running again after {_said(self.again)}")
        if self.taken_up is None or self.taken_up > AGAIN_WITHIN:
            left = ", ".join(self.left)
            found.append(f"what was in hand taken up after {_said(self.taken_up)} {left}".strip())
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


@dataclass(frozen=True)
class InHand:
    """The jobs and files that had not ended when a process was killed."""

    jobs: list[int]
    files: list[int]

    @classmethod
    def of(cls, home: Home) -> InHand:
        """Return what is in hand in a home now; nothing where the database does not say."""
        try:
            jobs, files = home.ask(OPEN_JOBS), home.ask(OPEN_FILES)
        except psycopg.Error:
            return cls([], [])
        return cls([number for (number,) in jobs], [number for (number,) in files])

    def left(self, home: Home) -> tuple[str, ...] | None:
        """Return what of it has not ended and nobody does; None where the database is away."""
        try:
            with home.database() as connection:
                given = {"jobs": self.jobs, "files": self.files}
                found = connection.execute(NOT_TAKEN_UP, given).fetchall()
        except psycopg.Error:
            return None
        return tuple(words for (words,) in found)


class Killer:
    """Goes round after round."""

    def __init__(self, home: Home, chance: random.Random) -> None:
        self.home, self.chance = home, chance
        self.programs, self.probe = Programs(home), Probe(home)
        self.victims = VICTIMS if home.queue is None else VICTIMS | OF_REDIS
        self.draw = deck(chance, self.victims)

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
        victim = self.victims[kind](self.programs, self.chance)
        before, in_hand = self.programs.now(), InHand.of(self.home)
        if victim is None or not kill(victim):
            return None
        began, at = time.monotonic(), datetime.now(UTC)
        found = Round(number, kind)
        self._watch(found, victim, in_hand, began, at)
        found.worker_ended = "child" in kind and self.programs.now()["worker"] != before["worker"]
        if found.worker_ended:  # another child stood there at once, and could do nothing
            seen = self.probe.since(began)
            found.noticed = next((at - began for at, ready in seen if not ready), None)
        return found

    def _watch(
        self, found: Round, victim: int, in_hand: InHand, began: float, at: datetime
    ) -> None:
        """Look until all goes on again and what was in hand is taken up, or for long enough."""
        while time.monotonic() - began < WAITED_AT_MOST:
            time.sleep(LOOK_EVERY)
            passed = time.monotonic() - began
            answers = self.probe.since(began)
            found.unready = sum(not ready for _, ready in answers)
            whole = self.programs.whole(victim)
            if found.noticed is None:
                first = next((at - began for at, ready in answers if not ready), None)
                found.noticed = first if first is not None else (passed if whole else None)
            if found.taken_up is None:
                self._look_at(found, in_hand, passed)
            well = whole and bool(answers) and answers[-1][1]
            if found.again is None and well and work_is_done(self.home, at):
                found.again = passed
            if found.again is not None and found.taken_up is not None:
                return
            if self.home.launcher is None or self.home.launcher.poll() is not None:
                return

    def _look_at(self, found: Round, in_hand: InHand, passed: float) -> None:
        left = in_hand.left(self.home)
        found.left = found.left if left is None else left
        found.taken_up = passed if left == () else None
