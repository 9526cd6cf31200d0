"""A watch over the queues, in beat and in every worker: no task of the queue it watches.

A task would wait behind the jobs it should tell of. Beat lives on where no worker is left, and a
worker's parent where beat is not; who looks first does what is to be done, once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

logger = logging.getLogger("rmrcpm.queue_watch")
LOOK_EVERY = 5.0  # seconds, for work that nobody does
ALARMS_EVERY = 30.0  # seconds, for queues that wait too long


def start() -> threading.Thread:
    """Begin to watch, until the program ends."""
    thread = threading.Thread(target=_watch, daemon=True, name="queue-watch")
    thread.start()
    return thread


def _watch() -> None:
    ended, alarms_at = threading.Event(), time.monotonic() + ALARMS_EVERY
    while not ended.wait(LOOK_EVERY):
        look_for_lost()
        if time.monotonic() >= alarms_at:
            alarms_at = time.monotonic() + ALARMS_EVERY
            look()


def look() -> None:
    """Look once for queues that wait too long; whatever goes wrong is logged."""
    from apps.platform.jobs.services import look_at_queues

    _done([look_at_queues])


def look_for_lost() -> None:
    """Take up once what nobody does: jobs of a dead worker, lost messages, files left unread."""
    from apps.platform.jobs.services import take_up_lost
    from apps.platform.uploads.services import read_left

    _done([take_up_lost, read_left])


def _done(looks: Iterable[Callable[..., Any]]) -> None:
    """Look; whatever goes wrong is logged, and looked at again next time."""
    from django.db import Error, connections

    from apps.platform.clock.selectors import site_now  # noqa: TID251

    for look_at in looks:
        try:
            look_at(at=site_now())  # it looks now
        except Error as trouble:
            logger.warning("the database did not tell of the queues: %s", trouble)
        except Exception:
            logger.exception("the queues could not be looked at")
        finally:
            connections.close_all()
