"""The demo's trade dates: settled by the worker, published by a second person, then cleared."""

from __future__ import annotations

from datetime import date, datetime

from apps.platform.accounts.models import User
from apps.platform.jobs.codes import JobFailed, Steps, Unseen
from apps.platform.runs import services as run_services
from apps.platform.runs.selectors import current_run
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.services import request_day
from apps.site.home.services.demo_clearing import load_demo_clearing

DEMO_DAYS = (date(2024, 9, 4), date(2024, 9, 5))


def demo_waits() -> bool:
    """Whether a trade date of the demo has no published run yet."""
    return any(current_run(DAILY, day) is None for day in DEMO_DAYS)


def settle_demo(*, at: datetime, steps: Steps | None = None) -> None:
    """Settle and publish the demo's days that are not published yet, then load what follows.

    Twice is harmless. Raises JobFailed where a day cannot be settled.
    """
    told = steps or Unseen()
    analyst = User.objects.get(username="iso.analyst")
    approver = User.objects.get(username="iso.approver")
    for number, day in enumerate(DEMO_DAYS):
        told.step(number, len(DEMO_DAYS), f"settling {day}")
        if current_run(DAILY, day) is not None:
            continue
        run, _ = request_day(trade_date=day, actor=analyst, at=at, reason="demo")
        run = run_services.execute(run_id=run.pk, at=at)
        if run.state == "SEALED":
            run = run_services.publish(run_id=run.pk, actor=approver, at=at)
        if run.state != "PUBLISHED":
            raise JobFailed(f"{day} could not be settled: {run.error}")
    load_demo_clearing(at=at)
