"""What the supervisor concludes of what died, stopped or does not answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from billiard import get_context

from rmrcpm import stops
from rmrcpm.pool_watch import Replaced, Waiting, lock_is_lost
from rmrcpm.product import Product as Launched
from rmrcpm.supervisor import MOST_RESTARTS, Restarts, Supervisor, is_frozen

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Program:
    pid = 0

    def __init__(self):
        self.status = None

    def poll(self):
        return self.status


class Server:
    def __init__(self):
        self.up, self.starts = True, 0

    def ready(self):
        return self.up

    def start(self):
        self.up, self.starts = True, self.starts + 1


class Product:
    def __init__(self):
        self.server = Server()
        self.programs = {n: Program() for n in ("worker", "beat", "web")}
        self.again = []

    def keep_guard(self):
        return False

    def start_again(self, name):
        self.again.append(name)
        self.programs[name] = Program()


@pytest.fixture
def watched(monkeypatch):
    product = Product()
    product.now, product.health = 1000.0, {"worker": "ok"}
    found = Supervisor(product, 1, tell=lambda text: None, clock=lambda: product.now)
    monkeypatch.setattr(found, "_health", lambda: product.health)

    def look(seconds=1):
        product.now += seconds
        found.look()
        return product.again

    product.look = look
    return product


def test_what_died_is_started_again_and_the_others_are_left_alone(watched):
    assert watched.look() == []
    watched.programs["beat"].status = -9
    assert watched.look() == ["beat"]
    assert watched.look() == ["beat"]


def test_what_a_signal_has_stopped_is_ended_and_started_again_after_some_seconds(
    watched, monkeypatch
):
    """given a worker that is stopped, not dead; then it is told of and another one takes over"""
    stopped, told = set(), []
    monkeypatch.setattr("rmrcpm.supervisor.is_frozen", lambda pid: pid in stopped)
    watched.programs["worker"].pid = 7
    found = Supervisor(
        watched, 1, tell=lambda text: None, clock=lambda: watched.now, stopped=told.append
    )
    found._health = lambda: None

    def look(seconds):
        watched.now += seconds
        found.look()
        return watched.again

    stopped.add(7)
    assert look(1) == look(5) == []
    stopped.clear()  # it goes on
    assert look(5) == []
    stopped.add(7)
    assert look(1) == look(7) == []
    assert told == []
    assert look(2) == ["worker"]
    assert told == ["worker"]
    assert look(20) == ["worker"]


def test_a_stopped_process_is_seen_as_such():
    program = subprocess.Popen(["sleep", "60"])
    try:
        assert not is_frozen(program.pid)
        program.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, program.pid, os.WSTOPPED)
        assert is_frozen(program.pid)
    finally:
        program.kill()
        program.wait()
    assert not is_frozen(program.pid)


def test_a_guard_of_the_database_that_has_died_is_started_again(monkeypatch):
    made = []
    monkeypatch.setattr("rmrcpm.product.spawn_guard", lambda data: made.append(data) or Program())
    launched = Launched()
    assert not launched.keep_guard()
    launched.server = type("Server", (), {"data": "here"})()
    launched.guard = Program()
    assert not launched.keep_guard()
    launched.guard.status = -9
    assert launched.keep_guard()
    assert made == ["here"]
    assert not launched.keep_guard()


def test_the_first_look_at_what_has_died_tells_of_it_once(watched):
    told = []
    found = Supervisor(watched, 1, tell=lambda text: None, stopped=told.append)
    found._health = lambda: None
    found.restarts.note("worker", found.clock())
    found.restarts.note("worker", found.clock())  # its next restart has to wait a while
    watched.programs["worker"].status = -9
    found.look()
    found.look()
    assert (told, watched.again) == (["worker"], [])
    watched.programs["web"].status = 1
    found.look()
    assert (told, watched.again) == (["worker", "web"], ["web"])
    watched.programs["web"].status = 1
    found.look()
    assert told == ["worker", "web", "web"]


def test_restarts_pause_longer_each_time_and_end_the_product_when_too_many(watched):
    restarts = Restarts()
    pauses = []
    for n in range(MOST_RESTARTS):
        pauses.append(restarts.pause("web", 100.0 + n))
        restarts.note("web", 100.0 + n)
    assert pauses == [0, 1, 2, 4, 8, 16, 30, 30]
    assert restarts.pause("web", 108.0) is None
    assert restarts.pause("web", 100.0 + 700) == 0
    for _ in range(MOST_RESTARTS):
        watched.programs["web"].status = 1
        watched.look(31)
    watched.programs["web"].status = 1
    with pytest.raises(SystemExit, match="The web stopped 8 times in 10 minutes"):
        watched.look(31)


def test_a_database_that_does_not_answer_is_started_again(watched):
    watched.look()
    watched.server.up = False
    for _ in range(5):
        watched.look()
    assert (watched.server.starts, watched.server.up) == (1, True)


def test_worker_and_beat_are_started_again_where_no_work_is_seen_for_three_minutes(watched):
    for said in ({"worker": "busy"}, None):
        watched.health = said
        for _ in range(30):
            assert watched.look(10) == []
    watched.health = {"worker": "not seen lately"}
    for _ in range(18):
        assert watched.look(10) == []
    assert watched.look(10) == ["worker", "beat"]
    for _ in range(18):
        assert watched.look(10) == ["worker", "beat"]  # it gets its time again


def test_the_pool_is_stuck_only_where_a_task_waits_although_a_child_is_free():
    pool = Waiting(2)
    assert pool.look(reserved={"a", "b"}, active={"a", "b"}, now=10) == 0
    assert pool.look(reserved={"a", "b", "c"}, active={"a", "b"}, now=100) == 0  # all at work
    assert pool.look(reserved={"a", "c"}, active={"a"}, now=101) == 0
    assert pool.look(reserved={"a", "c"}, active={"a"}, now=109) == 8
    assert pool.look(reserved={"a", "c"}, active={"a", "c"}, now=110) == 0
    assert pool.look(reserved={"d"}, active=set(), now=111) == 0
    assert pool.look(reserved=set(), active=set(), now=500) == 0  # nothing waits


def test_a_program_that_ran_well_is_started_again_at_once_however_often_it_was_killed():
    restarts = Restarts(most=100)
    for n in range(20):
        assert restarts.pause("web", 61.0 * n) == 0
        restarts.note("web", 61.0 * n)
    restarts.note("web", 1200.0)
    restarts.note("web", 1201.0)
    assert restarts.pause("web", 1202.0) == 4  # three soon after each other: 1159, 1200, 1201


class Child:
    def __init__(self, pid):
        self.pid = pid


class Pool:
    def __init__(self, *pids):
        self._pool = [Child(pid) for pid in pids]


def test_a_child_that_was_replaced_is_seen_once():
    pool = Pool(1, 2)
    children = Replaced(pool)
    assert children.look() is False
    pool._pool[1] = Child(3)
    assert (children.look(), children.look()) == (True, False)
    pool._pool.pop()
    assert (children.look(), children.look()) == (True, False)


def test_a_lock_that_nobody_gives_back_is_lost():
    pool = Pool(1)
    assert lock_is_lost(pool) is False  # each child has pipes of its own
    queue = get_context().SimpleQueue()
    pool._outqueue = queue
    assert lock_is_lost(pool, within=0.1) is False
    assert lock_is_lost(pool, within=0.1) is False  # it was given back
    queue._wlock.acquire()
    assert lock_is_lost(pool, within=0.1) is True


def test_the_end_of_a_unit_is_noted_unless_it_was_asked_for(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("RMRCPM_HOME", str(tmp_path))
    monkeypatch.setenv("SERVICE_RESULT", "success")
    assert stops.main(["worker"]) == 0
    assert not stops.place(tmp_path).exists()
    monkeypatch.setenv("SERVICE_RESULT", "signal")
    assert (stops.main(["worker"]), stops.main(["beat"])) == (0, 0)
    assert sorted(json.loads(stops.place(tmp_path).read_text())) == ["beat", "worker"]
    assert stops.main(["web"]) == stops.main([]) == 2
    assert "worker or beat" in capsys.readouterr().err
