"""A Redis of the soak's own, as a site's units keep it: on disk at once, started when it dies."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from rmrcpm.product import die_with_parent

ROOM = "64mb"
STARTED_AFTER = 2.0  # seconds, as the units of ``deploy`` have it
ANSWERS_WITHIN = 20.0  # seconds


class Redis:
    """A server with a folder and a port of its own, until ``stop``."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ended = threading.Event()
        self.program = self._started()
        self._wait()
        self.keeper = threading.Thread(target=self._keep, daemon=True, name="redis")
        self.keeper.start()

    @property
    def address(self) -> str:
        """What the product takes as the address of its queue."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """The number of the process that serves; 0 where none does."""
        return 0 if self.program.poll() is not None else self.program.pid

    def _started(self) -> subprocess.Popen[bytes]:
        server = shutil.which("redis-server")
        if server is None:
            raise SystemExit("No redis-server is installed.")
        with self.folder.with_suffix(".log").open("ab") as log:
            return subprocess.Popen(
                [
                    *(server, "--port", str(self.port), "--bind", "127.0.0.1"),
                    *("--dir", str(self.folder), "--save", ""),
                    *("--appendonly", "yes", "--appendfsync", "always"),
                    *("--maxmemory", ROOM, "--maxmemory-policy", "noeviction"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  (nothing outlives a killed soak)
            )

    def _wait(self) -> None:
        until = time.monotonic() + ANSWERS_WITHIN
        while time.monotonic() < until:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.1)
        raise SystemExit(f"Redis does not answer at port {self.port}.")

    def _keep(self) -> None:
        while not self.ended.wait(0.2):
            if self.program.poll() is not None:
                self.ended.wait(STARTED_AFTER)
                if not self.ended.is_set():
                    self.program = self._started()

    def stop(self) -> None:
        """Stop the server gently."""
        self.ended.set()
        self.keeper.join()
        if self.program.poll() is None:
            self.program.send_signal(signal.SIGTERM)
            self.program.wait(timeout=30)
