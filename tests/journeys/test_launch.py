"""Starting and stopping: quick the second time, nothing twice, nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rmrcpm.database import Server
from tests.journeys.conftest import ROOT, Product
from tests.journeys.watching import counts, free_port, run, until, wait_until_gone

IN_TURNS = pytest.mark.turns(3, of=("rmrcpm/",))
MACHINE = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@IN_TURNS
def test_a_second_start_is_quick_keeps_data_and_loads_nothing_twice(own):
    for _ in range(2):
        own.start()
        assert "the database is prepared already" in own.text
        assert counts(own) == (39, 13)
        own.stop(signal.SIGINT)
        assert own.process.returncode == 0
        assert wait_until_gone(own) == []
    own.start()
    own.process.kill()
    assert wait_until_gone(own) == []


@IN_TURNS
def test_a_killed_process_group_leaves_nothing(own):
    own.start()
    os.killpg(own.process.pid, signal.SIGKILL)
    own.process.wait()
    assert wait_until_gone(own) == []


@IN_TURNS
def test_a_home_of_another_schema_is_refused_and_left_alone(own):
    own.start()
    former = ("credits", "0999_of_before")
    with own.database() as connection:
        connection.execute(
            "insert into django_migrations (app, name, applied) values (%s, %s, now())", former
        )
    kept = counts(own)
    own.stop()
    refused = subprocess.run(
        [sys.executable, "-m", "rmrcpm.launch"],
        cwd=ROOT,
        env=own.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert "was made by another version of rmrcpm" in said
    assert "migration credits.0999_of_before" in said
    assert f"mv {own.home} {own.home}.old" in said
    assert "set RMRCPM_HOME to a new one" in said
    assert "Traceback" not in said
    assert wait_until_gone(own) == []
    server = Server(own.home / "postgres")
    server.start()
    try:
        assert counts(own) == kept
        with own.database() as connection:
            gone = connection.execute(
                "delete from django_migrations where (app, name) = (%s, %s)", former
            )
            assert gone.rowcount == 1
    finally:
        server.stop()


@IN_TURNS
@pytest.mark.skipif(not MACHINE, reason="no PostgreSQL of the machine's own is installed")
def test_the_product_runs_on_the_machines_postgresql(tmp_path):
    done = run(
        ["-m", "rmrcpm.with_database", "manage.py", "prepare", "--demo"],
        RMRCPM_POSTGRES="machine",
        RMRCPM_HOME=str(tmp_path),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 files loaded now" in done.stdout


def extend(server, port):
    """Put extensions into schema public as an administrator, as far as the machine has them."""
    import psycopg

    with psycopg.connect(
        host=str(server.socket), port=port, user="postgres", dbname="site", autocommit=True
    ) as connection:
        connection.execute("create extension btree_gist schema public")
        for name in ("pg_stat_statements", "pg_buffercache"):
            there = "select 1 from pg_available_extensions where name = %s"
            if connection.execute(there, [name]).fetchone():
                connection.execute(f"create extension {name} schema public")
        # whatever the machine has: something of the administrator's own that nobody may grant
        connection.execute("create view public.watched as select 1 as n")
        connection.execute("revoke all on public.watched from public")


@IN_TURNS
@pytest.mark.skipif(not MACHINE, reason="no PostgreSQL of the machine's own is installed")
def test_the_product_runs_on_a_separate_server_by_its_url(tmp_path):
    """A server over TCP with a password, reached by nothing but DATABASE_URL.

    Its administrator has put extensions into schema public, some of whose parts nobody else may
    grant.
    """
    port = free_port()
    server = Server(tmp_path / "pg", binaries=MACHINE[-1].parent)
    try:
        server.start(listen_addresses="127.0.0.1", port=str(port))
        import psycopg

        with psycopg.connect(
            host=str(server.socket), port=port, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute("create role site login createdb password 'p w'")
            connection.execute("create database site owner site")
            extend(server, port)
            url = f"postgres://site:p%20w@127.0.0.1:{port}/site"
            done = run(["manage.py", "prepare"], DATABASE_URL=url, RMRCPM_HOME=str(tmp_path))
            assert done.returncode == 2
            assert "create role rmrcpm_party nologin" in done.stderr
            connection.execute("create role rmrcpm_party nologin")
            connection.execute("grant rmrcpm_party to site")
        url = f"postgres://site:p%20w@127.0.0.1:{port}/site"
        # the queue's own client cannot connect with a blank in the password (docs/deploy.md)
        done = run(
            ["manage.py", "prepare", "--demo"],
            DATABASE_URL=url,
            RMRCPM_HOME=str(tmp_path),
            CELERY_BROKER_URL="memory://",
        )
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


@IN_TURNS
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no Redis is installed")
def test_the_queue_runs_on_a_real_redis(tmp_path, copied):
    port = free_port()
    redis = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    broker = f"redis://127.0.0.1:{port}/0"
    product = Product(copied(tmp_path / "home"), PORT="8800", CELERY_BROKER_URL=broker)
    try:
        product.start()
        asked = run(
            ["manage.py", "settle", "2024-09-05", "--as", "iso.analyst", "--type", "T+70B"],
            RMRCPM_HOME=str(product.home),
            CELERY_BROKER_URL=broker,
        )
        assert asked.returncode == 0, asked.stderr
        told = json.loads(asked.stdout)
        assert (told["new"], told["state"]) == (True, "REQUESTED")
        number = told["run"]

        def sealed():
            with product.database() as connection:
                state = "select state from runs_run where id = %s"
                return connection.execute(state, [number]).fetchone() == ("SEALED",)

        until(sealed, 60)  # the worker has it from Redis and computes it
    finally:
        product.stop()
        redis.terminate()
        redis.wait()


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
