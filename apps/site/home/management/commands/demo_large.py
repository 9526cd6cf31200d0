"""``manage.py demo_large``: an ISO-size day from a seed, loaded and settled."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.platform.accounts.models import User
from apps.platform.clock.selectors import site_now
from apps.platform.runs import services as runs
from apps.settlement.settlements.services import request_day
from apps.site.home.services import large_day, load_large_day


class Command(BaseCommand):
    """Needs the demo's people and a running database."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which day."""
        parser.add_argument("--trade-date", type=date.fromisoformat, default=date(2024, 10, 1))

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, settle, publish, and say how long each took."""
        people = {n: User.objects.get(username=f"iso.{n}") for n in ("admin", "approver")}
        began = time.perf_counter()
        day = large_day(trade_date=options["trade_date"])
        load_large_day(day=day, sender=people["admin"], approver=people["approver"], at=site_now())
        self.stdout.write(f"loaded in {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        run, _ = request_day(
            trade_date=day.trade_date, actor=people["admin"], at=site_now(), reason="large demo"
        )
        run = runs.execute(run_id=run.pk, at=site_now())
        self.stdout.write(f"settled in {time.perf_counter() - began:.2f} s: {run.state}")
        if run.state == "SEALED":
            run = runs.publish(run_id=run.pk, actor=people["approver"], at=site_now())
            self.stdout.write(f"{run} published: {run.totals}")
