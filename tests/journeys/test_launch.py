"""Starting and stopping: quick the second time, nothing twice, nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, Product

MACHINE = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def wait_until_gone(product, limit=30):
    until = time.monotonic() + limit
    while product.left_behind() and time.monotonic() < until:
        time.sleep(0.3)
    return product.left_behind()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home that the tests of this file start from, one after the other; the first finds it bare.

    What one leaves behind, killed or not, is what the next one starts with.
    """
    found = tmp_path_factory.mktemp("launched") / "home"
    found.mkdir()
    return found


@pytest.fixture
def own(home):
    product = Product(home, PORT="8700")
    yield product
    product.stop()


def counts(product):
    """Count files and the runs a start asks for; the schedule may ask for more at any minute."""
    sql = (
        "select (select count(*) from uploads_upload), "
        "(select count(*) from runs_run where reason = 'demo' or kind like 'credits.%')"
    )
    import psycopg

    from rmrcpm.database import socket_folder

    host = str(socket_folder(product.home / "postgres"))
    with psycopg.connect(host=host, user="rmrcpm", dbname="rmrcpm") as connection:
        return connection.execute(sql).fetchone()


def test_a_second_start_is_quick_keeps_data_and_loads_nothing_twice(own):
    own.start()
    first = counts(own)
    own.stop(signal.SIGINT)
    assert own.process.returncode == 0
    assert wait_until_gone(own) == []
    own.start()
    assert counts(own) == first == (39, 13)
    own.process.kill()
    assert wait_until_gone(own) == []


def test_a_killed_process_group_leaves_nothing(own):
    own.start()
    os.killpg(own.process.pid, signal.SIGKILL)
    own.process.wait()
    assert wait_until_gone(own) == []


def test_a_task_of_a_killed_worker_is_done_after_the_restart(own):
    own.start()
    worker = [p for p in Path("/proc").glob("[0-9]*") if is_worker(p, own.home)]
    for entry in worker:
        os.kill(int(entry.name), signal.SIGKILL)
    own.process.wait(timeout=30)
    assert own.process.returncode != 0
    assert wait_until_gone(own) == []
    own.start()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{own.url}/health/ready") as reply:
            if json.load(reply)["worker"] == "ok":
                return
        time.sleep(0.5)
    raise AssertionError("no worker after the restart")


def is_worker(entry, home):
    try:
        words = (entry / "cmdline").read_bytes()
        return b"worker" in words and str(home).encode() in (entry / "environ").read_bytes()
    except OSError:
        return False


def run(words, **env):
    ours = {"RMRCPM_PGDATA", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    kept = {k: v for k, v in os.environ.items() if k not in ours}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=kept | {"DJANGO_SETTINGS_MODULE": "rmrcpm.settings"} | env,
    )


@pytest.mark.skipif(not MACHINE, reason="no PostgreSQL of the machine's own is installed")
def test_the_product_runs_on_the_machines_postgresql(tmp_path):
    done = run(
        ["-m", "rmrcpm.with_database", "manage.py", "prepare", "--demo"],
        RMRCPM_POSTGRES="machine",
        RMRCPM_HOME=str(tmp_path),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 files loaded now" in done.stdout


@pytest.mark.skipif(not MACHINE, reason="no PostgreSQL of the machine's own is installed")
def test_the_product_runs_on_a_separate_server_by_its_url(tmp_path):
    """A server over TCP with a password, reached by nothing but DATABASE_URL."""
    from rmrcpm.database import Server

    port = free_port()
    server = Server(tmp_path / "pg", binaries=MACHINE[-1].parent)
    try:
        server.start(listen_addresses="127.0.0.1", port=str(port))
        import psycopg

        with psycopg.connect(host=str(server.socket), port=port, user="postgres",
                             dbname="postgres", autocommit=True) as connection:  # fmt: skip
            connection.execute("create role site login createdb password 'p w'")
            connection.execute("create database site owner site")
            url = f"postgres://site:p%20w@127.0.0.1:{port}/site"
            done = run(["manage.py", "prepare"], DATABASE_URL=url, RMRCPM_HOME=str(tmp_path))
            assert done.returncode == 2
            assert "create role rmrcpm_party nologin" in done.stderr
            connection.execute("create role rmrcpm_party nologin")
            connection.execute("grant rmrcpm_party to site")
        url = f"postgres://site:p%20w@127.0.0.1:{port}/site"
        # the queue's own client cannot connect with a blank in the password (docs/deploy.md)
        done = run(["manage.py", "prepare", "--demo"], DATABASE_URL=url,
                   RMRCPM_HOME=str(tmp_path), CELERY_BROKER_URL="memory://")  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        done = run(
            [
                "manage.py",
                "settle",
                "2024-09-04",
                "--as",
                "iso.analyst",
                "--publish-as",
                "iso.approver",
                "--wait",
            ],
            DATABASE_URL=url,
            RMRCPM_HOME=str(tmp_path),
            CELERY_BROKER_URL="memory://",
        )
        assert json.loads(done.stdout)["state"] == "PUBLISHED", done.stderr
    finally:
        server.run("pg_ctl", "-D", server.data, "-w", "-m", "immediate", "stop", check=False)


@pytest.mark.skipif(not shutil.which("redis-server"), reason="no Redis is installed")
def test_the_queue_runs_on_a_real_redis(tmp_path):
    port = free_port()
    redis = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    product = Product(
        tmp_path / "home", PORT="8800", CELERY_BROKER_URL=f"redis://127.0.0.1:{port}/0"
    )
    product.home.mkdir()
    try:
        product.start()  # the demo days are settled by the worker, through Redis
        assert counts(product) == (39, 13)
    finally:
        product.stop()
        redis.terminate()
        redis.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_folder_somebody_else_made_is_refused(tmp_path, monkeypatch):
    from rmrcpm import database

    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = database.socket_folder(tmp_path / "data")
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with pytest.raises(database.DatabaseTrouble, match="open permissions"):
        database.Server(tmp_path / "data")


def test_a_cluster_of_another_version_is_refused(tmp_path, monkeypatch):
    from rmrcpm import database

    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    server = database.Server(tmp_path / "data")
    (tmp_path / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(database.DatabaseTrouble, match="version"):
        server.start()


def test_the_deployment_check_is_clean():
    done = run(
        ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        RMRCPM_HTTPS="1",
        DJANGO_SECRET_KEY="a1B2c3D4e5" * 6,
    )
    assert done.returncode == 0, done.stdout + done.stderr
