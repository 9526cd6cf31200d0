"""The Celery application; all work goes through the queue ``calc`` so far."""

import os

from celery import Celery
from celery.signals import beat_init, worker_process_init, worker_ready

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
