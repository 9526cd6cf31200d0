"""A watch over the worker's pool, from outside the pool: it ends a worker that can do no work.

A child of the pool that waits for work holds the lock of the pool's pipe. Killed there (by the
kernel when memory is short, or by an operator) it takes the lock with it, and every other child
waits for ever. The worker's parent lives on and does not notice. So a thread of the parent looks
whether work it has handed to the pool is taken: where a task waits although a child is free, the
parent ends itself with all its children, and whoever looks after it (``rmrcpm.launch``, systemd)
starts it again. Where a child was replaced it sends a sign of life through the queue, so that
there is something to take. A child killed while it tells of its work may take the other lock, of
the pipe that leads back; that one is free almost always, so it is simply tried.

Nothing is lost: a message is settled only when its task is done.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import threading
import time
from typing import Any

from celery import bootsteps
from celery.signals import worker_process_init
from celery.worker import state

logger = logging.getLogger("rmrcpm.pool_watch")
LOOK_EVERY = 1.0  # seconds
LOCK_HELD_FOR = 6.0  # seconds; telling of a task is a matter of ms
NOT_TAKEN_FOR = 8.0  # seconds a task may wait while a child is free; taking one is a matter of ms
BUSY_TOLD_EVERY = 15.0  # seconds
STUCK = 70  # the exit status: an internal fault
PR_SET_PDEATHSIG = 1


class Waiting:
    """Since when which tasks have waited while a child of the pool was free.

    ``look`` takes ids and the monotonic time in seconds; it returns how long the oldest has waited.
    """

    def __init__(self, children: int) -> None:
        self.children = children
        self.since: dict[str, float] = {}

    def look(self, *, reserved: set[str], active: set[str], now: float) -> float:
        """Return the seconds the oldest handed-out task has waited for a child that is free."""
        if len(active) >= self.children:
            self.since = {}
            return 0.0
        self.since = {task: self.since.get(task, now) for task in reserved - active}
        return max((now - at for at in self.since.values()), default=0.0)


class Replaced:
    """Whether the children of a pool are others than when last looked at."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool
        self.pids = self._now()

    def _now(self) -> frozenset[int]:
        return frozenset(child.pid for child in list(self.pool._pool) if child.pid)

    def look(self) -> bool:
        """Return whether a child has come or gone since the last look."""
        before, self.pids = self.pids, self._now()
        return before != self.pids


def lock_is_lost(pool: Any, *, within: float = LOCK_HELD_FOR) -> bool:
    """Whether nobody gives back the lock of the pipe on which children tell of their work."""
    lock = getattr(getattr(pool, "_outqueue", None), "_wlock", None)
    if lock is None:  # a pool in which each child has pipes of its own
        return False
    if not lock.acquire(True, within):
        return True
    lock.release()
    return False


class PoolWatch(bootsteps.StartStopStep):  # type: ignore[misc]
    """Starts and stops the watch with the worker."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, worker: Any, **_: Any) -> None:
        self.ended = threading.Event()

    def start(self, worker: Any) -> None:
        """Begin to watch; a pool without children of its own cannot get stuck in this way."""
        pool = getattr(worker, "pool", None)
        if pool is None or getattr(pool, "is_green", False) or not hasattr(pool, "_pool"):
            return
        watched, children = Waiting(int(worker.concurrency)), Replaced(pool._pool)
        threading.Thread(
            target=self._watch, args=(watched, children, worker.app), daemon=True
        ).start()

    def stop(self, worker: Any) -> None:
        """End the watch: what waits now waits for the stop."""
        self.ended.set()

    def _watch(self, watched: Waiting, children: Replaced, app: Any) -> None:
        told, unsure = 0.0, False
        while not self.ended.wait(LOOK_EVERY):
            unsure = children.look() or unsure
            if unsure and lock_is_lost(children.pool):
                logger.critical("a child took a lock of the pool with it; the worker ends itself")
                os._exit(STUCK)
            unsure = unsure and not _ask_for_a_sign(app)
            active = {r.id for r in _copy(state.active_requests)}
            waits = {
                r.id
                for r in _copy(state.reserved_requests)
                if getattr(r, "_eta_timer_entry", None) is None
            }
            waited = watched.look(reserved=waits, active=active, now=time.monotonic())
            if waited > NOT_TAKEN_FOR:
                logger.critical(
                    "no child of the pool has taken a task for %.0f s although one is free; "
                    "the worker ends itself, to be started again",
                    waited,
                )
                os._exit(STUCK)
            busy = len(active) >= watched.children
            if busy and time.monotonic() - told > BUSY_TOLD_EVERY:
                told = time.monotonic()
                _tell_busy()


def _copy(requests: Any) -> list[Any]:
    """Return the requests of a set that another thread may change meanwhile."""
    for _ in range(5):
        try:
            return list(requests)
        except RuntimeError:
            continue
    return []


def _ask_for_a_sign(app: Any) -> bool:
    """Send a sign of life through the queue; return whether the queue took it."""
    try:
        app.send_task("apps.site.home.tasks.heartbeat", queue="calc", expires=25)
    except Exception as trouble:  # noqa: BLE001  (whatever the queue's library raises: asked for again)
        logger.warning("the queue did not take a sign of life: %s", trouble)
        return False
    return True


def _tell_busy() -> None:
    """Note that every child is at work, so that a heartbeat that waits its turn is no alarm."""
    from django.db import Error, connections

    from apps.platform.clock.selectors import site_now  # noqa: TID251
    from apps.site.home.services import beat

    try:
        beat(name="busy", at=site_now())  # it is busy now
    except Error as trouble:
        logger.warning("the database did not take the sign of life: %s", trouble)
    finally:
        connections.close_all()


@worker_process_init.connect  # type: ignore[untyped-decorator]  # celery has no types
def die_with_the_parent(**_: Any) -> None:
    """Have the kernel end a child of the pool with its parent, also one that waits for a lock."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(STUCK)
