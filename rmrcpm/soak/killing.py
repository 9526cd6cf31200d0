"""The processes of a running product, and which of them is killed."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rmrcpm.soak.homes import Home

READER = "uploads.services.reader import serve"
WAITS = ("futex", "pipe_read")  # in the kernel's words: where a child waits that has no work
THREADS = 17  # where the kernel's line on a process, behind its name, tells its threads
BUSY_WITHIN = 4.0  # seconds in which a child at work is looked for


@dataclass(frozen=True)
class Process:
    """A process of the product: its number, its parent's, its words, how many threads it has."""

    pid: int
    parent: int
    words: str
    threads: int = 1


def _read(pid: int) -> Process | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except (OSError, UnicodeDecodeError):
        return None
    fields = stat.rpartition(")")[2].split()
    state, parent, threads = fields[0], fields[1], fields[THREADS]
    return None if state == "Z" else Process(pid, int(parent), words, int(threads))


def everybody() -> dict[int, Process]:
    """Return every process of the machine by its number."""
    found = (_read(int(e.name)) for e in Path("/proc").glob("[0-9]*"))
    return {p.pid: p for p in found if p is not None}


def below(top: int, processes: dict[int, Process]) -> list[Process]:
    """Return the children of a process."""
    return [p for p in processes.values() if p.parent == top]


class Programs:
    """The processes of one home's product, by what they do."""

    def __init__(self, home: Home) -> None:
        assert home.launcher is not None
        self.home, self.launcher = home, home.launcher.pid

    def now(self) -> dict[str, list[int]]:
        """Return the numbers of the processes of each kind."""
        processes = everybody()
        found: dict[str, list[int]] = {}
        words = {"web": "rmrcpm/web_door.py", "worker": "rmrcpm worker", "beat": "rmrcpm beat"}
        for name, word in words.items():
            heads = [p.pid for p in below(self.launcher, processes) if word in p.words]
            found[name] = heads
            found[f"{name} child"] = [
                p.pid for head in heads for p in below(head, processes) if word in p.words
            ]
        forks = [processes[pid] for pid in found["web child"]]
        # the reader that the web's parent forks serves nobody, and so has one thread alone
        found["web child"] = [p.pid for p in forks if p.threads > 1]
        found["reader"] = [p.pid for p in forks if p.threads == 1]
        heads = [*found["web child"], *found["worker child"]]
        found["reader"] += [
            p.pid for head in heads for p in below(head, processes) if READER in p.words
        ]
        head = self._postmaster()
        alive = head in processes
        found["database"] = [head] if alive else []
        under = below(head, processes) if alive else []
        found["database session"] = [p.pid for p in under if "postgres: rmrcpm" in p.words]
        found["database helper"] = [
            p.pid
            for p in under
            if any(w in p.words for w in ("checkpointer", "walwriter", "background writer"))
        ]
        if self.home.queue is not None:
            found["queue"] = [pid for pid in [self.home.queue.pid] if pid]
        return found

    def _postmaster(self) -> int:
        try:
            return int((self.home.folder / "postgres" / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return 0

    def whole(self, gone: int) -> bool:
        """Whether every program is there again with its children, and the killed one is not."""
        now = self.now()
        needed = {"web": 1, "web child": 2, "worker": 1, "worker child": 2, "beat": 1}
        needed |= {"database": 1, "database helper": 3}
        if self.home.queue is not None:
            needed["queue"] = 1
        return all(
            len(now[name]) == count and gone not in now[name] for name, count in needed.items()
        )


def waits_for_work(pid: int) -> bool:
    """Whether a child of the worker waits for work, by where it sleeps in the kernel."""
    try:
        asleep = Path(f"/proc/{pid}/wchan").read_text()
    except OSError:
        return False
    return any(word in asleep for word in WAITS)


def any_of(name: str) -> Callable[[Programs, random.Random], int | None]:
    """Return a choice of any process of a kind."""

    def choose(programs: Programs, chance: random.Random) -> int | None:
        found = programs.now()[name]
        return chance.choice(found) if found else None

    return choose


def child(*, idle: bool) -> Callable[[Programs, random.Random], int | None]:
    """Return a choice of a worker's child that waits for work, or that is at work."""

    def choose(programs: Programs, chance: random.Random) -> int | None:
        until = time.monotonic() + BUSY_WITHIN
        while time.monotonic() < until:
            fitting = [p for p in programs.now()["worker child"] if waits_for_work(p) == idle]
            if fitting:
                return chance.choice(fitting)
            time.sleep(0.01)
        return None

    return choose


VICTIMS: dict[str, Callable[[Programs, random.Random], int | None]] = {
    "web, parent": any_of("web"),
    "web, child": any_of("web child"),
    "worker, parent": any_of("worker"),
    "worker, idle child": child(idle=True),
    "worker, busy child": child(idle=False),
    "reader of files": any_of("reader"),
    "beat": any_of("beat"),
    "database": any_of("database"),
    "database, a session": any_of("database session"),
    "database, a helper": any_of("database helper"),
}
OF_REDIS = {"queue": any_of("queue")}
STANDS_STILL = {"web, parent", "worker, parent", "beat", "database"}
"""Killed one of these, something does not go on, and the health page may not say that all is well.

Of the others another process does the work meanwhile, or the database recovers within a second. A
queue that is back after two seconds need not have been missed.
"""


def kill(pid: int) -> bool:
    """Kill a process; return whether it was there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def deck(chance: random.Random, kinds: Iterable[str]) -> Callable[[], str]:
    """Return a draw of kinds, each as often as every other, in an order of chance."""
    kept = sorted(kinds)
    left: list[str] = []

    def draw() -> str:
        if not left:
            left.extend(kept)
            chance.shuffle(left)
        return left.pop()

    return draw
