"""The scheduler of beat, which hands tasks out by the site's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry


class SiteEntry(ModelEntry):  # type: ignore[misc]  # the library has no types
    """A task of the schedule; due by the site's clock, which may be simulated."""

    def __init__(self, model: Any, app: Any = None) -> None:
        """Take the time from the site; one that has run in its future has run now."""
        super().__init__(model, app)
        self.schedule.nowfun = self._default_now
        self.last_run_at = model.last_run_at = min(model.last_run_at, self._default_now())

    def _default_now(self) -> datetime:
        from apps.platform.clock.selectors import site_now  # noqa: TID251  (beat lives by it)

        return site_now().astimezone(self.app.timezone)


class SiteScheduler(DatabaseScheduler):  # type: ignore[misc]  # the library has no types
    """The schedule that administrators change, by the site's clock."""

    Entry = SiteEntry
