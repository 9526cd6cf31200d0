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
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from rmrcpm.database import Server
from tests.journeys.conftest import ROOT, Product

MACHINE = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def wait_until_gone(product, limit=30):
    until = time.monotonic() + limit
    while product.left_behind() and time.monotonic() < until:
        time.sleep(0.3)
    return product.left_behind()


@pytest.fixture(scope="module")
def home(tmp_path_factory, copied):
    """A home, started once, that the tests of this file start from, one after the other.

    What one leaves behind, killed or not, is what the next one starts with.
    """
    return copied(tmp_path_factory.mktemp("launched") / "home")


@pytest.fixture(scope="module")
def launched(home):
    product = Product(home, PORT="8700")
    yield product
    product.stop()


@pytest.fixture
def own(launched):
    """The product, not running: for those who look at how it starts."""
    launched.stop()
    return launched


@pytest.fixture
def running(launched):
    """The product, running since another test or from now on: what dies is started again."""
    if launched.process is None or launched.process.poll() is not None:
        launched.start()
    return launched


def counts(product):
    """Count files and the runs a start asks for; the schedule may ask for more at any minute."""
    sql = (
        "select (select count(*) from uploads_upload), "
        "(select count(*) from runs_run where reason = 'demo' or kind like 'credits.%')"
    )
    with product.database() as connection:
        return connection.execute(sql).fetchone()


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


def test_a_killed_process_group_leaves_nothing(own):
    own.start()
    os.killpg(own.process.pid, signal.SIGKILL)
    own.process.wait()
    assert wait_until_gone(own) == []


# what dies is started again; before, the death of one program ended the whole product
WITHIN = 30


def of(product, word):
    """Return the processes of a product's home whose command line holds a word, oldest first."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            ours = str(product.home).encode() in (entry / "environ").read_bytes()
        except OSError:
            continue
        if ours and word in words and "rmrcpm.launch" not in words:
            found.append(int(entry.name))
    return sorted(found)


def parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def worker_of(product):
    """Return the worker's parent and its children."""
    everybody = of(product, "rmrcpm worker")
    heads = [p for p in everybody if parent(p) not in everybody]
    assert len(heads) == 1, everybody
    return heads[0], [p for p in everybody if p != heads[0]]


def health(product):
    try:
        with urllib.request.urlopen(f"{product.url}/health/ready", timeout=5) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as answer:
        return answer.code, json.load(answer)


def is_ready(product):
    """Whether the site says that it can serve; without an answer it cannot."""
    try:
        return health(product)[0] == 200
    except (OSError, ValueError):  # no answer, or the page that tells of a database away
        return False


def is_at_work(product):
    """Wait until worker and beat, which start after the first page answers, have done a task."""
    until(lambda: (health(product)[1]["worker_seen_at"] or "") > product.began_at, 120)


def until(seen, limit=WITHIN):
    """Return how long it took until something was seen; it fails after the limit."""
    began = time.monotonic()
    while time.monotonic() - began < limit:
        try:
            if seen():
                return time.monotonic() - began
        except (OSError, ValueError, AssertionError):
            pass
        time.sleep(0.3)
    raise AssertionError(f"not seen within {limit} s")


def send_a_task(product):
    """Send a sign of life through the queue and return when the last one had been seen."""
    with product.database() as connection:
        before = connection.execute(
            "select at from home_heartbeat where name = 'worker'"
        ).fetchone()
    code = "from apps.site.home.tasks import heartbeat; heartbeat.delay()"
    done = run(["manage.py", "shell", "-c", code], RMRCPM_HOME=str(product.home))
    assert done.returncode == 0, done.stderr
    return before


def a_task_is_done(product, limit=WITHIN):
    """Send a task and return how long it took to be done."""
    before = send_a_task(product)

    def seen():
        with product.database() as connection:
            return (
                before
                != connection.execute(
                    "select at from home_heartbeat where name = 'worker'"
                ).fetchone()
            )

    return until(seen, limit)


def kill_all_children_at_once(product):
    """Kill every child of the worker while none can pass the pipe's lock on to another one.

    Of idle children one always holds it, whichever it is: it dies here and takes the lock along.
    """
    _, children = worker_of(product)
    for deed in (signal.SIGSTOP, signal.SIGKILL):
        for child in children:
            os.kill(child, deed)


def test_work_goes_on_whatever_idle_child_of_the_worker_is_killed(running):
    """The one that reads holds the lock of the pool's pipe, and takes it with it."""
    own = running
    is_at_work(own)
    a_task_is_done(own)
    until(lambda: len(worker_of(own)[1]) == 2)
    first, _ = worker_of(own)
    kill_all_children_at_once(own)
    a_task_is_done(own)
    # the lock was lost: the worker ended itself and is another one now
    log = (own.home / "log" / "worker.log").read_text()
    assert "no child of the pool has taken a task" in log
    assert worker_of(own)[0] != first
    for place in (0, 1):
        until(lambda: len(worker_of(own)[1]) == 2)
        os.kill(worker_of(own)[1][place], signal.SIGKILL)
        a_task_is_done(own)
    assert own.process.poll() is None


@pytest.mark.parametrize("word", ["rmrcpm worker", "rmrcpm beat", "rmrcpm/web_door.py"])
def test_a_killed_program_is_started_again(running, word):
    own = running
    kill_the_first(own, word)
    until(lambda: is_ready(own), 60)
    a_task_is_done(own)
    assert own.process.poll() is None


def kill_the_first(own, word):
    """Kill the first of some programs: the site is not ready until there is another one."""
    is_at_work(own)
    before = of(own, word)
    head = [p for p in before if parent(p) not in before]
    assert is_ready(own)
    for pid in head[:1]:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not is_ready(own), 10)
    until(lambda: [p for p in of(own, word) if p not in before])


def test_a_killed_database_is_noticed_and_started_again(running):
    own = running
    is_at_work(own)
    kept = counts(own)
    postmaster = int((own.home / "postgres" / "postmaster.pid").read_text().split()[0])
    head = of(own, "postgres -D") or [postmaster]
    for pid in head:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not is_ready(own), 10)
    until(
        lambda: "the database does not answer" in (own.home.parent / "launch.txt").read_text(), 15
    )
    until(lambda: health(own)[1]["database"] == "ok")
    a_task_is_done(own, 60)
    assert counts(own) == kept
    assert own.process.poll() is None


def test_one_dead_web_process_of_two_is_replaced(running):
    own = running
    everybody = of(own, "rmrcpm/web_door.py")
    head, *workers = sorted(everybody, key=lambda p: parent(p) in everybody)
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    until(
        lambda: (
            len(of(own, "rmrcpm/web_door.py")) == 3
            and workers[0] not in of(own, "rmrcpm/web_door.py")
        )
    )
    assert head in of(own, "rmrcpm/web_door.py")
    until(lambda: health(own)[0] == 200)
    # the code was read in once, before the fork; a pool of threads there would be dead in workers
    names = [t.read_text() for t in Path(f"/proc/{head}/task").glob("*/comm")]
    assert not [n for n in names if n.startswith("polars-") and n[7:].strip().isdigit()], names


def test_programs_that_were_started_again_are_stopped_with_the_product(running):
    own = running
    for word in ("rmrcpm worker", "rmrcpm beat", "rmrcpm/web_door.py"):
        kill_the_first(own, word)
        until(lambda: is_ready(own), 60)
    a_task_is_done(own)
    own.stop(signal.SIGINT)
    assert own.process.returncode == 0
    assert wait_until_gone(own) == []


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
            ["manage.py", "settle", "2024-09-05", "--as", "iso.analyst"],
            RMRCPM_HOME=str(product.home),
            CELERY_BROKER_URL=broker,
        )
        assert asked.returncode == 0, asked.stderr
        number = json.loads(asked.stdout)["run"]

        def sealed():
            with product.database() as connection:
                state = "select state from runs_run where id = %s"
                return connection.execute(state, [number]).fetchone() == ("SEALED",)

        until(sealed, 60)  # the worker has it from Redis and computes it
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
