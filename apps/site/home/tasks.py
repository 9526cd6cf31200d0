"""The queue's way to home: the sign of life from beat to a worker, and the demo's trade dates."""

from __future__ import annotations

from celery import shared_task
from django.urls import reverse

from apps.platform.accounts.selectors import system_user
from apps.platform.clock.selectors import site_now
from apps.platform.jobs.codes import Steps
from apps.platform.jobs.hooks import JobKind
from apps.platform.jobs.services import queue
from apps.site.home import selectors, services


@shared_task(acks_late=True, ignore_result=True)
def heartbeat(**_: object) -> None:
    """Note that beat, the queue and a worker are alive."""
    services.beat(name="worker", at=site_now())


def settle(steps: Steps) -> None:
    """Settle the demo's trade dates."""
    services.settle_demo(at=site_now(), steps=steps)


SETTLE_DEMO = JobKind(
    code=selectors.DEMO_JOB,
    title="Settle the demo's trade dates",
    work=settle,
    advice="See why on the trade date, then retry the job.",
    may_cancel=False,
)


def queue_demo() -> None:
    """Have a worker settle the demo's trade dates, unless they are or one is at it."""
    if services.demo_waits() and selectors.demo_job() is None:
        queue(
            kind=SETTLE_DEMO.code,
            title=SETTLE_DEMO.title,
            actor=system_user(),
            at=site_now(),
            address=reverse("trade-dates"),
        )
