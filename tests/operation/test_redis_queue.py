"""Redis as the queue: it says what waits, is started again when killed, and ends nobody."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time

import pytest
from celery import current_app
from kombu.connection import Connection

from apps.platform.jobs.selectors import queue_length
from rmrcpm import product, queue_watch
from rmrcpm.soak.killing import OF_REDIS, VICTIMS
from rmrcpm.soak.queues import Redis

real = pytest.mark.skipif(not shutil.which("redis-server"), reason="no Redis is installed")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(found, seconds=20):
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def through(settings, monkeypatch):
    """Have the work go through a queue at an address."""

    def go(address):
        settings.CELERY_BROKER_URL = address
        monkeypatch.setattr(
            current_app, "connection_for_read", lambda **words: Connection(address, **words)
        )

    return go


@real
def test_a_killed_redis_is_there_again_with_every_message(tmp_path, through):
    redis = Redis(tmp_path / "redis", free_port())
    try:
        through(redis.address)
        assert queue_length() == 0
        with Connection(redis.address) as broker:
            queue = broker.SimpleQueue("calc")
            queue.put({"job": 1})
            queue.close()
        assert queue_length() == 1
        killed = redis.pid
        os.kill(killed, signal.SIGKILL)
        assert until(lambda: redis.pid not in (0, killed))
        assert until(lambda: queue_length() == 1)  # on disk before it said so
    finally:
        redis.stop()
    assert redis.pid == 0


def test_of_a_queue_that_is_away_nothing_is_concluded(through):
    through(f"redis://127.0.0.1:{free_port()}/0")
    began = time.monotonic()
    assert queue_length() is None
    assert time.monotonic() - began < 5


def test_a_queue_that_is_away_does_not_end_the_launcher(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RMRCPM_HOME", str(tmp_path))
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")
    launched = product.Product()
    launched.server = type("Server", (), {"socket": "/nowhere"})()
    launched._give_back_messages()
    assert "the queue did not give back" in capsys.readouterr().out
    monkeypatch.setenv("CELERY_BROKER_URL", "pgmq://")  # a database that recovers
    launched._give_back_messages()
    assert "the queue did not give back" in capsys.readouterr().out


def test_the_soak_kills_redis_as_any_other_process():
    assert "queue" in VICTIMS | OF_REDIS
    assert "queue" not in VICTIMS


@pytest.mark.parametrize("trouble", [OSError("away"), KeyError("a fault of ours")])
def test_the_look_for_lost_work_outlives_whatever_goes_wrong(monkeypatch, trouble):
    from django.db import connections

    from apps.platform.jobs import services as jobs
    from apps.platform.uploads import services as uploads

    looked = []

    def away(**_):
        raise trouble

    def look(*, at):
        looked.append(at)

    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr(jobs, "take_up_lost", away)
    monkeypatch.setattr(uploads, "read_left", look)
    queue_watch.look_for_lost()
    assert len(looked) == 1  # the files are looked at all the same
    assert queue_watch.LOOK_EVERY <= 5
