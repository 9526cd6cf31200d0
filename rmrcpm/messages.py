"""The queue's messages: how programs come to it, and how it gets back what a dead worker had.

A message in hand is out of sight until it is settled, or for an hour. The launcher gives it back
when it starts a worker; with systemd the worker's unit does so before it starts:
``ExecStartPre=... python -m rmrcpm.messages``. Only where no other worker of the site is at work,
as that one's messages would be given to a second worker too. RabbitMQ sees a connection end and
does it by itself.
"""

from __future__ import annotations

import sys

from rmrcpm import env

DEFAULT_BROKER = "pgmq"
HELD_UP_FOR = 10  # seconds; a statement of the queue takes milliseconds


def queue_address(database: str) -> str:
    """Return how programs connect to the queue where it lives in the database.

    A program that hangs between two statements holds the queue's tables: the database lets go of
    them after some seconds, and others do not wait for longer. So no request waits for a worker.
    """
    from psycopg.conninfo import make_conninfo

    bounds = ("idle_in_transaction_session_timeout", "lock_timeout")
    return make_conninfo(database, options=" ".join(f"-c {b}={HELD_UP_FOR}s" for b in bounds))


def give_back(*, broker: str, database: str) -> int:
    """Make every message of the queue visible; return how many were out of sight.

    broker: the queue's address; database: what psycopg connects to where the queue lives in it.
    """
    if broker.startswith("pgmq"):
        return _in_the_database(database)
    if broker.startswith(("redis", "rediss", "valkey")):
        return _in_redis(broker)
    return 0


def away() -> tuple[type[Exception], ...]:
    """Return what is raised where the queue does not answer."""
    import psycopg
    from kombu.exceptions import KombuError
    from redis.exceptions import RedisError

    return (OSError, psycopg.Error, KombuError, RedisError)


def _in_the_database(database: str) -> int:
    import psycopg
    from psycopg import sql

    given = 0
    with psycopg.connect(database, autocommit=True) as connection:
        names = connection.execute(
            "select tablename from pg_tables where schemaname = 'pgmq' and tablename like 'q\\_%'"
        ).fetchall()
        for (name,) in names:
            given += connection.execute(
                sql.SQL("update pgmq.{} set vt = now() where vt > now()").format(
                    sql.Identifier(name)
                )
            ).rowcount
    return given


def _in_redis(broker: str) -> int:
    from kombu.connection import Connection

    options = {"visibility_timeout": 0}
    with Connection(broker, transport_options=options) as connection:  # type: ignore[no-untyped-call]  # kombu
        channel = connection.default_channel
        waiting = int(channel.client.zcard(channel.unacked_index_key))
        channel.qos.restore_visible(num=None, interval=1)
    return waiting


def main() -> int:
    """Give back what the site's killed worker had in hand."""
    from django.conf import settings

    from rmrcpm.celery import app

    assert app.main  # it names the settings
    given = give_back(
        broker=env.text("CELERY_BROKER_URL", DEFAULT_BROKER), database=settings.DATABASE_DSN
    )
    print(f"{given} messages given back to the queue")
    return 0


if __name__ == "__main__":
    sys.exit(main())
