"""The schedule: seeded from the project's table, from then on in the administrators' hands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.db import transaction
from django_celery_beat.models import (
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    PeriodicTasks,
)

from apps.platform.accounts.codes import ADMINS
from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused, log_event


@transaction.atomic
def seed_schedule(*, table: Mapping[str, Mapping[str, Any]]) -> int:
    """Add the tasks of the table that the schedule does not hold yet; return how many.

    What an administrator changed stays; a task that the table no longer names is removed.
    """
    PeriodicTask.objects.exclude(name__in=[*table, "celery.backend_cleanup"]).delete()
    made = 0
    for name, entry in table.items():
        if PeriodicTask.objects.filter(name=name).exists():
            continue
        when = entry["schedule"]
        if isinstance(when, crontab):
            clock, _ = CrontabSchedule.objects.get_or_create(
                minute=str(when._orig_minute),
                hour=str(when._orig_hour),
                day_of_week=str(when._orig_day_of_week),
                day_of_month=str(when._orig_day_of_month),
                month_of_year=str(when._orig_month_of_year),
                timezone=settings.TIME_ZONE,
            )
            timing: dict[str, Any] = {"crontab": clock}
        else:
            timing = {"interval": _every(int(when))}
        options = entry.get("options", {})
        PeriodicTask.objects.create(
            name=name,
            task=entry["task"],
            queue=options.get("queue"),
            expire_seconds=options.get("expires"),
            **timing,
        )
        made += 1
    PeriodicTasks.update_changed()
    return made


def _every(seconds: int) -> IntervalSchedule:
    interval, _ = IntervalSchedule.objects.get_or_create(
        every=seconds, period=IntervalSchedule.SECONDS
    )
    return interval


@transaction.atomic
def change_schedule(
    *,
    task: PeriodicTask,
    enabled: bool,
    every: int | None,
    clock: Mapping[str, str],
    actor: User,
    at: datetime,
    reason: str,
) -> PeriodicTask:
    """Let a task run at other times, or not by itself; beat notices within seconds.

    Raises MoveRefused for somebody who is no administrator.
    """
    if not actor.viewer().may(ADMINS):
        raise MoveRefused("Your roles do not allow you to change the schedule.")
    before = described(task)
    task.enabled = enabled
    if every:
        task.interval, task.crontab = _every(every), None
    else:
        task.crontab, _ = CrontabSchedule.objects.get_or_create(
            **clock, timezone=settings.TIME_ZONE
        )
        task.interval = None
    task.save()
    PeriodicTasks.update_changed()
    log_event(
        action="jobs.schedule.changed",
        sentence=f"{task.name}: was {before}, is {described(task)}; {reason}",
        actor=actor,
        at=at,
        data={"task": task.name},
    )
    return task


def described(task: PeriodicTask) -> str:
    """Return when a task runs, in words."""
    if not task.enabled:
        return "switched off"
    if task.interval:
        return f"every {task.interval.every} seconds"
    clock = task.crontab
    words = (
        [f"{clock.hour}:{clock.minute:0>2}"] if clock.hour != "*" else [f"minute {clock.minute}"]
    )
    for name, value in (
        ("weekday", clock.day_of_week),
        ("day", clock.day_of_month),
        ("month", clock.month_of_year),
    ):
        if value != "*":
            words.append(f"{name} {value}")
    return ", ".join(words) + " Pacific"
