"""Starts a throw-away PostgreSQL for the first test that asks for one; stops it at the end.

Processes that share the tests (``-n``) share the server. Each has a home folder and a database of
its own, copied from one that whoever comes first has furnished, or an earlier run (``kept``). A run
that is somebody's guest (``RMRCPM_TEST_GUEST``) finds all that where its host has put it.
"""

import fcntl
import os
import shutil
from pathlib import Path

from tests.plugins import kept

ROOT = Path(__file__).resolve().parents[2]
WORKER = os.environ.get("PYTEST_XDIST_WORKER") or os.environ.get("RMRCPM_TEST_GUEST", "")
os.environ.setdefault("RMRCPM_HOME", str(ROOT / "var" / "test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings_test")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# what a crash would lose is lost anyway, and nobody copies this server while it runs
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
}
MODEL = "test_rmrcpm"  # what is furnished, as Django names it
_RUNNING = []


def place():
    """Say where everything is, before settings are read: the server itself begins when asked."""
    home = Path(os.environ["RMRCPM_HOME"])
    if WORKER:
        os.environ["RMRCPM_HOME"] = str(home / WORKER)
    # where a home is prepared, the collected style sheets and scripts are
    (Path(os.environ["RMRCPM_HOME"]) / "static").mkdir(parents=True, exist_ok=True)
    if WORKER:
        return
    mark = home / f"furnished-{os.getpid()}"
    mark.touch()
    os.environ["RMRCPM_TEST_FURNISHED"] = str(mark)
    if not os.environ.get("DATABASE_URL"):
        os.environ["RMRCPM_PGDATA"] = str(home / f"postgres-{os.getpid()}")


def start():
    """Start the server, once: for the first test that asks for a database, or for processes."""
    if WORKER or _RUNNING or os.environ.get("DATABASE_URL"):
        return
    from rmrcpm.database import Server, spawn_guard

    data, mark = (Path(os.environ[n]) for n in ("RMRCPM_PGDATA", "RMRCPM_TEST_FURNISHED"))
    server = Server(data)
    if not server.user:  # else its files are another account's
        os.environ["RMRCPM_TEST_KEY"] = kept.key()
        if kept.take(mark.with_name("kept"), os.environ["RMRCPM_TEST_KEY"], data):
            mark.write_text(MODEL)
    server.start(**SETTINGS)
    server.provide()
    _RUNNING.append((server, spawn_guard(data, mode="immediate")))


def keep(model):
    """Keep the furnished server for the next run: stopped for as long as its files are copied."""
    from rmrcpm.database import Server

    if name := os.environ.get("RMRCPM_TEST_KEY"):
        assert model == MODEL
        server = Server(Path(os.environ["RMRCPM_PGDATA"]))
        server.stop()
        kept.keep(Path(os.environ["RMRCPM_TEST_FURNISHED"]).with_name("kept"), name, server.data)
        server.start(**SETTINGS)


place()


def pytest_configure(config):
    """Start the server at once where several processes are going to share it."""
    if getattr(config.option, "numprocesses", None):
        start()


def own_copy(furnish):
    """Work in a copy of the furnished database; the first process to come furnishes it.

    Returns the name of the database that was set before. A server that is not thrown away keeps
    the furnished one until the next run replaces it.
    """
    from django.db import connection

    start()
    settings = connection.settings_dict
    plain = settings["NAME"]
    with Path(os.environ["RMRCPM_TEST_FURNISHED"]).open("a+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        mark.seek(0)
        model = mark.read()
        if not model:
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            furnish()
            with connection.cursor() as cursor:
                cursor.execute("analyze")  # a copy has its statistics, and plans by them
            model = settings["NAME"]
            connection.close()
            keep(model)
            mark.write(model)
            mark.flush()
        connection.close()
        copied = f"{model}_{WORKER or 'alone'}"
        settings["NAME"] = plain
        dropped(copied)
        with connection.cursor() as cursor:
            cursor.execute(f'create database "{copied}" template "{model}"')
        connection.close()
    settings["NAME"] = copied
    return plain


def dropped(name):
    """Drop a copy, whoever may still be in it, from the database the settings name.

    A plain drop ends what vacuums it, which is the server's own and closed to our role; only where
    somebody else is still in it are they put out.
    """
    from django.db import OperationalError, connection

    with connection.cursor() as cursor:
        try:
            cursor.execute(f'drop database if exists "{name}"')
        except OperationalError:
            cursor.execute(f'drop database if exists "{name}" with (force)')


def pytest_unconfigure():
    """Stop the server, if this process started it, and take its files away."""
    if not WORKER:
        mark = Path(os.environ["RMRCPM_TEST_FURNISHED"])
        mark.unlink(missing_ok=True)
        mark.with_suffix(".lock").unlink(missing_ok=True)
        shutil.rmtree(mark.with_suffix(".home"), ignore_errors=True)
    for server, guard in _RUNNING:
        guard.stdin.close()
        guard.wait(timeout=30)
        shutil.rmtree(server.data, ignore_errors=True)
        shutil.rmtree(server.socket, ignore_errors=True)
    _RUNNING.clear()
