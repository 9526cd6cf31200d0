"""``python -m rmrcpm.with_database WORDS``: run Python on WORDS beside a throw-away database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rmrcpm.database import Server, spawn_guard


def main() -> int:
    """Start a cluster in a temporary folder, run the words, remove the cluster."""
    if os.environ.get("DATABASE_URL"):
        return subprocess.call([sys.executable, *sys.argv[1:]])
    home = Path(tempfile.mkdtemp(prefix="rmrcpm-"))
    data = home / "postgres"
    server = Server(data)
    guard = spawn_guard(data, mode="immediate")
    try:
        server.start(fsync="off", synchronous_commit="off", full_page_writes="off")
        server.provide()
        environment = os.environ | {"RMRCPM_HOME": str(home), "RMRCPM_PGDATA": str(data)}
        return subprocess.call([sys.executable, *sys.argv[1:]], env=environment)
    finally:
        if guard.stdin is not None:
            guard.stdin.close()
        guard.wait(timeout=60)
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(server.socket, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
