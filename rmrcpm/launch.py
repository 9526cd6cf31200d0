"""Start the whole product on one machine: database, web, worker, beat; stop it all again.

``python -m rmrcpm.launch`` is what ``make run`` calls. Nothing outlives it: its programs are told
to stop when it dies, and a guard stops the database.
"""

from __future__ import annotations

import fcntl
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO, Any

from rmrcpm import env, exposure
from rmrcpm.database import DatabaseTrouble
from rmrcpm.product import PYTHON, Product, environment, say
from rmrcpm.setup_vendor import BrowserFiles
from rmrcpm.stamp import Stamp
from rmrcpm.supervisor import MOST_RESTARTS, Supervisor

BASE_PORT = 8000
REFUSED = 2  # the exit status of a command whose message says what to do
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def manage(*words: str) -> None:
    """Run a management command and tell its warnings; a failure ends the start with its words."""
    done = subprocess.run(
        [PYTHON, "manage.py", *words],
        cwd=env.BASE,
        env=environment(),
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode == REFUSED:
        raise SystemExit(f"{done.stdout}{done.stderr}".strip().removeprefix("CommandError: "))
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    for line in done.stderr.splitlines():
        say(f"  {line}")


def free_port(given: int) -> int:
    """Return the given port, or the next one nobody listens on."""
    for port in range(given, given + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise SystemExit(f"No free port from {given} on.")


def prepare(product: Product, files: BrowserFiles) -> None:
    """Bring files, database and reference data to where this version of the product needs them.

    Where the stamp says that all is in place, nothing is done again.
    """
    if files.begin():
        say("  fetching browser files (npm, locked)")
    product.database()
    files.finish()
    stamp = Stamp(product.home, product.address)
    why = stamp.missing()
    if not why:
        say("  the database is prepared already")
        if env.clock() is not None:
            manage("clock", "--go-on")
        return
    demo = ["--demo"] if env.flag("RMRCPM_DEMO", default=True) else []
    say(f"  preparing the database: tables, reference data{', demo' if demo else ''} ({why})")
    stamp.drop()
    manage("prepare", *demo)
    stamp.keep()


def show(port: int) -> None:
    """Print the address and the demo sign-ins."""
    say(f"\n  rmrcpm is ready: http://localhost:{port}/\n")
    if env.flag("RMRCPM_DEMO", default=True):
        import yaml

        people: dict[str, Any] = yaml.safe_load(
            (env.BASE / "fixtures" / "demo" / "people.yaml").read_text()
        )
        password = env.text("RMRCPM_DEMO_PASSWORD", "walk-the-line-2024")
        say(f"  demo sign-ins (SYNTHETIC people and prices), password {password}")
        for user in people["users"]:
            say(f"    {user['username']:16} {user['does']}")
    say("\n  Ctrl-C stops everything.\n")


def claim(home: Path) -> IO[str]:
    """Make sure that this home is served once; keep the file open as long as it is."""
    log = home / "log"
    log.mkdir(mode=0o700, parents=True, exist_ok=True)
    log.chmod(0o700)  # addresses in it hold keys, and links where no mail is sent
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


def serve(product: Product, files: BrowserFiles) -> None:
    """Start everything, show where it is, and wait.

    The web server reads the code in while the database is prepared. What works in the background
    begins when the first page is there, as it would only make that page late.
    """
    began = time.monotonic()
    say("rmrcpm is starting")
    product.web()
    prepare(product, files)
    port = free_port(int(env.text("PORT", str(BASE_PORT))))  # as late as can be: others start too
    product.listen(port)
    product.wait_for_web()
    ready = time.monotonic() - began
    product.background()
    if env.flag("RMRCPM_MACHINES", default=True):
        machine_port = free_port(int(env.text("MACHINE_PORT", str(port + 443))))
        product.machines(machine_port)
        say(f"  machines with a client certificate: https://localhost:{machine_port}/api/v1/")
    show(port)
    say(f"  started in {ready:.1f} s")
    most = int(env.text("RMRCPM_MOST_RESTARTS", str(MOST_RESTARTS)))
    Supervisor(product, port, tell=say, stopped=product.note_stop, most_restarts=most).run()


def main() -> None:
    """Start, wait, stop; leave nothing behind."""
    try:
        exposure.refuse_short_key(env.secret_key())
        exposure.clock_starts()
        if env.flag("RMRCPM_DEMO", default=True):
            exposure.refuse_demo()
    except exposure.Exposed as trouble:
        raise SystemExit(str(trouble)) from trouble
    lock = claim(env.home())
    product, files = Product(), BrowserFiles()
    stop_on_signals()
    try:
        serve(product, files)
    except KeyboardInterrupt:
        say("\nstopping")
    except DatabaseTrouble as trouble:
        raise SystemExit(str(trouble)) from trouble
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        files.stop()
        product.stop()
        lock.close()
    say("stopped")


if __name__ == "__main__":
    main()
