"""A home that holds the settled demo, copies of it, and the product that runs in one."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from rmrcpm import env
from rmrcpm.database import NAME, ROLE, socket_folder
from rmrcpm.product import die_with_parent
from rmrcpm.soak.queues import Redis

STARTS_WITHIN = 600.0  # seconds, the first time
STOPS_WITHIN = 90.0
KEPT_TASKS = ("heartbeat",)
WHO = {
    "iso.operator": ("read", "write"),
    "iso.analyst": ("read", "write"),
    "iso.approver": ("read", "write", "approve"),
    "sc.sunset": ("read", "write"),
}
NOT_OURS = {"CELERY_BROKER_URL", "DATABASE_URL", "RMRCPM_PGDATA", "DJANGO_SETTINGS_MODULE"}


class Home:
    """A home and, while it runs, the launcher that serves it."""

    def __init__(self, folder: Path, port: int, *, queue: Redis | None = None, **more: str) -> None:
        self.folder, self.queue = folder, queue
        if queue is not None:
            more["CELERY_BROKER_URL"] = queue.address
        self.env = {k: v for k, v in os.environ.items() if k not in NOT_OURS} | {
            "RMRCPM_HOME": str(folder),
            "PORT": str(port),
            "RMRCPM_MACHINES": "0",
            "PYTHONUNBUFFERED": "1",
            **more,
        }
        self.launcher: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def told(self) -> Path:
        """Where the launcher's words go."""
        return self.folder.with_suffix(".launch.log")

    def start(self) -> float:
        """Start the product; return the seconds until it answered."""
        began = time.monotonic()
        with self.told.open("ab") as log:
            passed = log.tell()
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "rmrcpm.launch"],
                cwd=env.BASE,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  (nothing outlives a killed soak)
            )
        while time.monotonic() - began < STARTS_WITHIN:
            said = self.told.read_bytes()[passed:].decode(errors="replace")
            if "started in" in said:
                found = re.search(r"http://localhost:(\d+)", said)
                assert found is not None
                self.url = f"http://127.0.0.1:{found[1]}"
                return time.monotonic() - began
            if self.launcher.poll() is not None:
                break
            time.sleep(0.2)
        raise SystemExit(f"The product in {self.folder} does not start; see {self.told}.")

    def stop(self) -> None:
        """Stop the product gently."""
        if self.launcher is not None and self.launcher.poll() is None:
            self.launcher.send_signal(signal.SIGINT)
            self.launcher.wait(timeout=STOPS_WITHIN)
        if self.queue is not None:
            self.queue.stop()

    def database(self) -> psycopg.Connection[Any]:
        """Connect to the home's database."""
        host = str(socket_folder(self.folder / "postgres"))
        return psycopg.connect(
            host=host, user=ROLE, dbname=NAME, autocommit=True, connect_timeout=3
        )

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a question to the home's database."""
        with self.database() as connection:
            return connection.execute(sql, values).fetchall()

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a management command in the home."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=env.BASE,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def copy(self, folder: Path, port: int, *, queue: Redis | None = None, **more: str) -> Home:
        """Copy a home that does not run; its work goes through a queue, the database's or Redis."""
        shutil.copytree(
            self.folder, folder, ignore=shutil.ignore_patterns("launch.lock", "log"), symlinks=True
        )
        return Home(folder, port, queue=queue, **more)


def prepared(folder: Path, port: int) -> tuple[Home, dict[str, str]]:
    """Make a home with the settled demo in it, stopped; return it with a token for each person.

    One that was made in this folder before is used again.

    Of the schedule only what looks after the work itself goes on, so that two homes that are asked
    for the same at different hours of the day come to the same.
    """
    home, kept = Home(folder, port), folder.with_suffix(".tokens.json")
    if kept.exists():
        found: dict[str, str] = json.loads(kept.read_text())
        return home, found
    folder.mkdir(parents=True)
    home.start()
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not home.ask("select 1 from jobs_job where kind = 'settle-demo' and state = 'DONE'"):
            if time.monotonic() > until:
                raise SystemExit("The demo is not settled; see the home's log.")
            time.sleep(1)
        with home.database() as connection:
            connection.execute(
                "update django_celery_beat_periodictask set enabled = false where name <> all(%s)",
                [list(KEPT_TASKS)],
            )
        tokens = {}
        for name, scopes in WHO.items():
            words = [word for scope in scopes for word in ("--scope", scope)]
            made = home.manage("token", "make", "soak", "--as", name, *words)
            made_one = re.search(r"rmr_[\w-]+", made.stdout)
            if made_one is None:
                raise SystemExit(f"No token for {name}: {made.stdout}{made.stderr}")
            tokens[name] = made_one[0]
    finally:
        home.stop()
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(tokens))
    return home, tokens
