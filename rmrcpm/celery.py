"""The Celery application; all work goes through the queue ``calc`` so far."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")

app = Celery("rmrcpm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_configure.connect  # type: ignore[untyped-decorator]
def watch_the_pool(**_: object) -> None:
    """Give every worker its watch; web processes and beat need none of it."""
    from rmrcpm.pool_watch import PoolWatch

    app.steps["worker"].add(PoolWatch)
