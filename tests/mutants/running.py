"""Runs the tests of one fault after another in a copy of the tree, beside one database server.

The copy keeps what is being worked on out of the way. The server and its furnished database are
shared by all runs, as processes that share the tests do; a fault in what furnishes it begins
with a database of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.faults import Fault
from tests.mutants.mapping import looking_at

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("apps", "fixtures", "rmrcpm", "static", "templates", "tests", "docs")
FILES = ("manage.py", "pyproject.toml", "Makefile")
FURNISHES = ("/models.py", "/models/", "/guards.py", "/hooks.py", "apps/platform/accounts/")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?: - |$)", re.MULTILINE)


@dataclass
class Answer:
    """What became of a fault: killed by a test, survived, or out of time."""

    fault: Fault
    fate: str
    by: str = ""
    seconds: float = 0.0
    tests: list[str] = field(default_factory=list)


class Bench:
    """A copy of the tree in which faults are put and taken out again."""

    def __init__(self, root: Path, folder: Path, seconds: int) -> None:
        self.root, self.tree, self.seconds = root, folder / "tree", seconds
        self.folder = folder
        self.sound: dict[str, bool] = {}
        self.env = os.environ | {
            "RMRCPM_HOME": str(folder / "home"),
            "RMRCPM_PGDATA": str(folder / "postgres"),
            "RMRCPM_TEST_FURNISHED": str(folder / "furnished"),
            "RMRCPM_TEST_GUEST": "mutant",
        }

    def copy(self) -> None:
        """Copy the tree as it stands."""
        shutil.rmtree(self.tree, ignore_errors=True)
        self.tree.mkdir(parents=True)
        for name in COPIED:
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(self.root / name, self.tree / name, ignore=ignored)
        for name in FILES:
            shutil.copy2(self.root / name, self.tree / name)
        (self.tree / ".venv").symlink_to((self.root / ".venv").resolve())
        (self.folder / "furnished").touch()

    @contextmanager
    def served(self):
        """Run a throw-away server while the body runs."""
        from rmrcpm.database import Server, spawn_guard

        data = self.folder / "postgres"
        shutil.rmtree(data, ignore_errors=True)
        server = Server(data)
        server.start(fsync="off", synchronous_commit="off", full_page_writes="off")
        server.provide()
        watch = spawn_guard(data, mode="immediate")
        try:
            yield
        finally:
            watch.stdin.close()
            watch.wait(timeout=30)
            shutil.rmtree(data, ignore_errors=True)

    def pytest(self, tests: list[str], seconds: float, *, own: bool = False):
        """Run tests in the copy; return (status, output), status None when out of time."""
        env = dict(self.env)
        if own:
            for name in ("RMRCPM_TEST_GUEST", "RMRCPM_TEST_FURNISHED", "RMRCPM_PGDATA"):
                del env[name]
        words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        running = subprocess.Popen(
            words,
            cwd=self.tree,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            running.terminate()
            said, _ = running.communicate()
            return None, said
        return running.returncode, said

    def try_fault(self, fault: Fault) -> Answer:
        """Put a fault in, run what looks at its file, take it out."""
        path = self.tree / fault.file
        right = path.read_bytes()
        tests = looking_at(self.tree, fault.file)
        own = any(part in fault.file for part in FURNISHES)
        began = time.monotonic()
        if not tests:
            return Answer(fault, "no test")
        path.write_bytes(fault.put_into(right))
        try:
            status, said = self.pytest(tests, self.seconds, own=own)
        finally:
            path.write_bytes(right)
        took = time.monotonic() - began
        if status is None:
            return Answer(fault, "out of time", "", took, tests)
        if status == 0:
            return Answer(fault, "survived", "", took, tests)
        hit = FAILED.search(said)
        by = hit[1] if hit else "nothing begins" if status != 5 else ""
        if hit and not self.is_sound(by):
            return Answer(fault, "test fails anyway", by, took, tests)
        return Answer(fault, "killed" if by else "no test", by, took, tests)

    def is_sound(self, test: str) -> bool:
        """Whether a test passes without any fault; asked once each."""
        if test not in self.sound:
            self.sound[test] = self.pytest([test], self.seconds)[0] == 0
        return self.sound[test]
