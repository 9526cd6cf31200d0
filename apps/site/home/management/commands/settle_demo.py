"""``manage.py settle_demo``: settle the demo's trade dates in the worker, with a progress bar."""

from __future__ import annotations

import sys
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.platform.accounts.models import User
from apps.platform.runs import services as run_services
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import current_run
from apps.settlement.settlements.services import request_day
from apps.settlement.settlements.terms import DAILY
from apps.site.home.services import load_demo_clearing

DAYS = (date(2024, 9, 4), date(2024, 9, 5))
WIDTH = 30


class Command(BaseCommand):
    """Request, wait for and publish the demo's days that are not published yet."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """How long to wait for the worker."""
        parser.add_argument("--timeout", type=float, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw the bar as runs are sealed and published."""
        days = [d for d in DAYS if current_run(DAILY, d) is None]
        if not days:
            load_demo_clearing(at=timezone.now())
            return
        analyst = User.objects.get(username="iso.analyst")
        approver = User.objects.get(username="iso.approver")
        runs = [
            request_day(trade_date=d, actor=analyst, at=timezone.now(), reason="demo")[0].pk
            for d in days
        ]
        until = time.monotonic() + options["timeout"]
        done: set[int] = set()
        while len(done) < len(runs):
            self._bar(len(done), len(runs))
            for run in Run.objects.filter(pk__in=[r for r in runs if r not in done]):
                if run.state == "FAILED":
                    raise CommandError(f"{run.trade_date} could not be settled: {run.error}")
                if run.state == "SEALED":
                    run_services.publish(run_id=run.pk, actor=approver, at=timezone.now())
                    done.add(run.pk)
            if time.monotonic() > until:
                raise CommandError("The worker did not settle the demo days in time.")
            time.sleep(0.1)
        self._bar(len(done), len(runs))
        self.stdout.write("")
        load_demo_clearing(at=timezone.now())

    def _bar(self, done: int, total: int) -> None:
        filled = WIDTH * done // total
        bar = "█" * filled + "░" * (WIDTH - filled)
        end = "\r" if sys.stdout.isatty() else "\n"
        self.stdout.write(f"  settling demo trade dates {bar} {done}/{total}", ending=end)
        self.stdout.flush()
