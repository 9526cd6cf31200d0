"""``manage.py settle``: request, compute and publish trade dates from the command line."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts.selectors import UnknownUser, user_named
from apps.audit.services import MoveRefused
from apps.runs import services as run_services
from apps.settlements import services


class Command(BaseCommand):
    """Settle trade dates; ``--wait`` computes here instead of in a worker."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Days, who asks, who publishes."""
        parser.add_argument("days", nargs="+", help="trade dates, YYYY-MM-DD")
        parser.add_argument("--as", dest="actor", required=True, help="user who requests")
        parser.add_argument("--publish-as", default="", help="another user who publishes")
        parser.add_argument("--type", default="", help="T+9B, T+70B ... or OPTIONAL")
        parser.add_argument("--reason", default="requested on the command line")
        parser.add_argument("--wait", action="store_true", help="compute here and now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON line for each day."""
        for text in options["days"]:
            try:
                run, new = services.request_day(
                    trade_date=date.fromisoformat(text),
                    actor=user_named(options["actor"]),
                    at=timezone.now(),
                    reason=options["reason"],
                    run_type=options["type"],
                )
                if options["wait"] or options["publish_as"]:
                    run = run_services.execute(run_id=run.pk, at=timezone.now())
                if options["publish_as"] and run.state == "SEALED":
                    run = run_services.publish(
                        run_id=run.pk, actor=user_named(options["publish_as"]), at=timezone.now()
                    )
            except (run_services.RunRefused, MoveRefused, UnknownUser, ValueError) as trouble:
                raise CommandError(str(trouble), returncode=2) from trouble
            self.stdout.write(
                json.dumps(
                    {
                        "run": run.pk, "trade_date": text, "type": run.run_type, "new": new,
                        "state": run.state,
                        "version": run.version, "totals": run.totals,
                        "result_hash": run.result_hash, "error": run.error,
                    }
                )
            )  # fmt: skip
