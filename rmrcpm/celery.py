"""The Celery application; all work goes through the queue ``calc`` so far."""

import logging.config
import os
from contextlib import ExitStack

from celery import Celery
from celery.signals import (
    beat_init,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_process_init,
    worker_ready,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")

app = Celery("rmrcpm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_configure.connect  # type: ignore[untyped-decorator]  # celery has no types
def watch_the_pool(**_: object) -> None:
    """Give every worker its watch; web processes and beat need none of it."""
    from rmrcpm.pool_watch import PoolWatch

    app.steps["worker"].add(PoolWatch)


@worker_process_init.connect  # type: ignore[untyped-decorator]  # celery has no types
def read_files_apart(**_: object) -> None:
    """Have a child of the pool read files in a process of their own, made with the first."""
    from apps.platform.uploads.services import read_apart

    read_apart()


@worker_ready.connect  # type: ignore[untyped-decorator]  # celery has no types
@beat_init.connect  # type: ignore[untyped-decorator]  # celery has no types
def begin(**_: object) -> None:
    """Send a sign of life through the queue, so that the site need not wait for the next one.

    And begin to watch the queues.
    """
    from rmrcpm import queue_watch

    queue_watch.start()
    app.send_task("apps.site.home.tasks.heartbeat", queue="calc", expires=25)


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def write_as_the_site_does(loglevel: int | str = "INFO", **_: object) -> None:
    """Write the log of worker and beat as the web processes write theirs."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger("celery").setLevel(loglevel)


_UNDER: dict[str, ExitStack] = {}


@task_prerun.connect  # type: ignore[untyped-decorator]  # celery has no types
def under_its_own_id(task_id: str, **_: object) -> None:
    """Do a task under its own id, where no request has asked for it; a job has its request's."""
    from apps.platform.core.request_ids import current_request_id, under_request

    if not current_request_id():
        held = _UNDER[task_id] = ExitStack()
        held.enter_context(under_request(task_id))


@task_postrun.connect  # type: ignore[untyped-decorator]  # celery has no types
def no_longer_under_it(task_id: str, **_: object) -> None:
    """End what the task's id stood for."""
    held = _UNDER.pop(task_id, None)
    if held is not None:
        held.close()
