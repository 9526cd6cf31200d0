"""What dies while the product runs is started again, and ends with it."""

from __future__ import annotations

import json
import os
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.watching import WITHIN, counts, run, until, wait_until_gone

pytestmark = pytest.mark.turns(3, of=("rmrcpm/", "apps/platform/jobs/"))


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


def test_work_goes_on_whatever_idle_child_of_the_worker_is_killed(running):
    """The one that reads holds the lock of the pool's pipe, and takes it with it."""
    own = running
    is_at_work(own)
    a_task_is_done(own)
    until(lambda: len(worker_of(own)[1]) == 2)
    first, _ = worker_of(own)
    kill_all_children_at_once(own)
    until(lambda: worker_of(own)[0] != first)  # by its own sign of life: nobody asks for anything
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


def test_a_killed_program_is_started_again_and_stopped_with_the_product(running):
    own = running
    for word in ("rmrcpm worker", "rmrcpm beat", "rmrcpm/web_door.py"):
        kill_the_first(own, word)
        until(lambda: is_ready(own), 60)
        a_task_is_done(own)
        assert own.process.poll() is None, word
    own.stop(signal.SIGINT)
    assert own.process.returncode == 0
    assert wait_until_gone(own) == []
