"""A watch over the queues, in beat and in every worker: no task of the queue it watches.

A task would wait behind the jobs it should tell of. Beat lives on where no worker is left, and a
worker's parent where beat is not; who looks first tells, once.
"""

from __future__ import annotations

import logging
import threading

logger = logging.getLogger("rmrcpm.queue_watch")
LOOK_EVERY = 30.0  # seconds


def start() -> threading.Thread:
    """Begin to watch, until the program ends."""
    thread = threading.Thread(target=_watch, daemon=True, name="queue-watch")
    thread.start()
    return thread


def _watch() -> None:
    ended = threading.Event()
    while not ended.wait(LOOK_EVERY):
        look()


def look() -> None:
    """Look at the queues once; whatever goes wrong is logged, and looked at again next time."""
    from django.db import Error, connections

    from apps.platform.clock.selectors import site_now  # noqa: TID251
    from apps.platform.jobs.services import look_at_queues

    try:
        look_at_queues(at=site_now())  # it looks now
    except Error as trouble:
        logger.warning("the database did not tell of the queues: %s", trouble)
    except Exception:
        logger.exception("the queues could not be looked at")
    finally:
        connections.close_all()
