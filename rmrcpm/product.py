"""The running programs of the product: the database, and everything that works on it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import IO

from rmrcpm import env, messages, stops
from rmrcpm.database import NAME, ROLE, Server, spawn_guard
from rmrcpm.messages import DEFAULT_BROKER

PYTHON = sys.executable
PR_SET_PDEATHSIG = 1
STARTING_TAKES = 120  # seconds, on a busy machine; a dead program is seen at once


def say(text: str) -> None:
    """Write one line for the person at the terminal."""
    print(text, flush=True)


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Have the kernel stop this child when the launcher is gone, even after a kill -9."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the launcher, which stops us


def environment() -> dict[str, str]:
    """Return the environment of the programs: compiled code is kept, whatever ours says.

    Each of them would compile all of the product anew.
    """
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


class Product:
    """The running programs, in the order they were started."""

    def __init__(self) -> None:
        self.home = env.home()
        self.server: Server | None = None
        self.guard: subprocess.Popen[bytes] | None = None
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, Callable[[], None]] = {}
        self.port = 0
        stops.write(self.home, {})

    def database(self) -> None:
        """Start the embedded database, unless DATABASE_URL names another."""
        if os.environ.get("DATABASE_URL"):
            say("  database: the one DATABASE_URL names")
            return
        data = self.home / "postgres"
        self.server = Server(data)
        self.guard = spawn_guard(data)
        self.server.start()
        self.server.provide()

    @property
    def address(self) -> str:
        """What psycopg takes to connect to the database."""
        given = os.environ.get("DATABASE_URL")
        if given or self.server is None:
            return given or ""
        return f"host={self.server.socket} user={ROLE} dbname={NAME}"

    def spawn(
        self, name: str, *words: str, orphaned: int = signal.SIGTERM, told: bool = False
    ) -> None:
        """Start a program that writes to its own log and dies with us.

        ``orphaned`` is the signal it gets where we were killed and could not stop it; ``told``:
        it waits for words on its standard input.
        """
        self.started[name] = partial(self.spawn, name, *words, orphaned=orphaned, told=told)
        log: IO[bytes] = (self.home / "log" / f"{name}.log").open("ab")
        self.programs[name] = subprocess.Popen(
            [PYTHON, "-m", *words],
            cwd=env.BASE,
            env=environment(),
            stdin=subprocess.PIPE if told else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=partial(die_with_parent, orphaned),  # noqa: PLW1509  (no threads here; the only way on Linux)
        )
        log.close()

    def web(self) -> None:
        """Start the web server; it reads in the code, then waits for ``listen``."""
        self.spawn(
            "web",
            "gunicorn",
            "rmrcpm.wsgi",
            "-c",
            "rmrcpm/web_door.py",
            "--no-control-socket",
            told=True,
        )

    def listen(self, port: int) -> None:
        """Tell the web server where to listen; one that has died is seen by ``look_after``."""
        self.port = port
        door = self.programs["web"].stdin
        assert door is not None
        with contextlib.suppress(BrokenPipeError):
            door.write(f"{env.text('RMRCPM_BIND', '127.0.0.1')}:{port}\n".encode())
            door.flush()

    def machines(self, port: int) -> None:
        """Start the second listener, for machines that come with a client certificate."""
        self.spawn(
            "machines",
            "gunicorn",
            "rmrcpm.wsgi",
            "-c",
            "rmrcpm/machine_door.py",
            "--bind",
            f"{env.text('RMRCPM_BIND', '127.0.0.1')}:{port}",
            "--no-control-socket",
        )

    def background(self) -> None:
        """Start worker and beat; first free what a killed worker of ours was holding.

        Orphaned, they are killed: their database ends with us, and asked gently they would look
        for it half a minute. What a worker had in hand is done after the next start.
        """
        self._give_back_messages()
        self.spawn(
            "worker",
            "celery",
            "-A",
            "rmrcpm",
            "worker",
            "-Q",
            "calc",
            "-c",
            "2",
            "-l",
            "INFO",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            orphaned=signal.SIGKILL,
        )
        self.spawn(
            "beat",
            "celery",
            "-A",
            "rmrcpm",
            "beat",
            "-l",
            "INFO",
            "--pidfile=",
            orphaned=signal.SIGKILL,
        )

    def _give_back_messages(self) -> None:
        """What a killed worker of ours had in hand; of another site's database nothing is known.

        A queue that is away itself ends nothing: its jobs are taken up when it is there again.
        """
        if self.server is None:
            return
        broker = env.text("CELERY_BROKER_URL", DEFAULT_BROKER)
        try:
            messages.give_back(broker=broker, database=self.address)
        except messages.away() as trouble:
            say(f"  the queue did not give back what the worker had in hand: {trouble}")

    def wait_for_web(self) -> None:
        """Wait until the product answers: its first page, and that it is ready to serve."""
        until = time.monotonic() + STARTING_TAKES
        said = "nothing"
        while time.monotonic() < until:
            self.look_after()
            try:
                for path in ("health/ready", ""):
                    address = f"http://127.0.0.1:{self.port}/{path}"
                    with urllib.request.urlopen(address, timeout=5):
                        pass
                return
            except urllib.error.HTTPError as answer:
                said = answer.read(2000).decode(errors="replace")
            except OSError as trouble:
                said = str(trouble)
            time.sleep(0.05)
        raise SystemExit(
            f"The web server does not answer; see {self.home / 'log' / 'web.log'}. It said: {said}"
        )

    def look_after(self) -> None:
        """End the start where a program has died."""
        for name, program in self.programs.items():
            if program.poll() is not None:
                raise SystemExit(
                    f"The {name} stopped by itself; see {self.home / 'log' / (name + '.log')}."
                )

    def start_again(self, name: str) -> None:
        """Start a program again that has stopped; what a dead worker had in hand is freed first."""
        program = self.programs[name]
        if program.poll() is None:
            program.kill()
        program.wait()
        if name == "worker":
            self._give_back_messages()
        self.started[name]()
        if name == "web":
            self.listen(self.port)

    def keep_guard(self) -> bool:
        """Start the guard of the database again where it has died; return whether it had."""
        if self.guard is None or self.server is None or self.guard.poll() is None:
            return False
        self.guard = spawn_guard(self.server.data)
        return True

    def note_stop(self, name: str) -> None:
        """Keep for the health page that background work stands still until it is seen again."""
        stops.note(self.home, name, datetime.now(UTC))

    def stop(self) -> None:
        """Stop the programs gently, then the database."""
        for program in reversed(self.programs.values()):
            if program.poll() is None:
                program.terminate()
        for program in self.programs.values():
            try:
                program.wait(timeout=15)
            except subprocess.TimeoutExpired:
                program.kill()
        if self.guard is not None and self.guard.stdin is not None:
            self.guard.stdin.close()
            self.guard.wait(timeout=60)
