"""A program that hangs over the queue in the database: the others go on without it."""

from __future__ import annotations

import time

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from rmrcpm import messages

SHORT = 0.4  # seconds, in the place of those of the site


@pytest.fixture
def come_to_the_queue(transactional_db):
    """Connect as programs come to the queue, with shorter bounds."""
    given = connection.get_connection_params()
    keys = ("host", "port", "user", "password", "dbname")
    address = messages.queue_address(make_conninfo(**{k: given[k] for k in keys if given.get(k)}))
    made = []
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("select pgmq.create('held')")

    def come(*shorter):
        made.append(psycopg.connect(address))
        for bound in shorter:
            made[-1].execute(f"set {bound} = '{SHORT}s'")
            made[-1].commit()
        return made[-1]

    yield come
    for one in made:
        one.close()
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("select pgmq.drop_queue('held')")


def test_whoever_comes_to_the_queue_is_bounded(come_to_the_queue):
    program = come_to_the_queue()
    for bound in ("idle_in_transaction_session_timeout", "lock_timeout"):
        (told,) = program.execute(f"show {bound}").fetchone()
        assert told == f"{messages.HELD_UP_FOR}s"
    assert messages.HELD_UP_FOR <= 15


def test_what_hangs_over_the_queue_holds_nobody_up(come_to_the_queue):
    """given a worker stopped between two statements; when somebody makes sure of the queue, which
    needs it alone; then that is done, and messages are sent behind it"""
    stopped = come_to_the_queue("idle_in_transaction_session_timeout")
    stopped.execute("select * from pgmq.read('held', 1, 1)")
    began = time.monotonic()
    with come_to_the_queue() as other:
        other.execute("select pgmq.create('held')")
        other.execute("select pgmq.send('held', '{}')")
        other.rollback()
    assert time.monotonic() - began < 5
    with pytest.raises(psycopg.Error):
        stopped.execute("select 1")


def test_who_finds_the_queue_held_says_so_soon(come_to_the_queue):
    holder, other = come_to_the_queue(), come_to_the_queue("lock_timeout")
    holder.execute("select pgmq.create('held')")  # within its transaction, at work
    with pytest.raises(psycopg.OperationalError):  # which sending again is for
        other.execute("select pgmq.send('held', '{}')")
