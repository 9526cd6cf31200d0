"""``manage.py run KIND DAY... --as USER [--wait]``: any calculation of trade dates by hand.

Exit status 2: refused. 3: a run leaves something held because an input is missing or outdated; its
line names what. It is calculated, and published with a second person's reason only.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.clock.selectors import site_now
from apps.platform.runs import services
from apps.platform.runs.hooks import RUN_KINDS


class Command(BaseCommand):
    """Request a run of each day; ``--wait`` computes here instead of in a worker."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which calculation, which days, who asks."""
        parser.add_argument("kind", choices=[k.code for k in RUN_KINDS])
        parser.add_argument("days", nargs="+", help="trade dates, YYYY-MM-DD")
        parser.add_argument("--as", dest="actor", required=True, help="user who requests")
        parser.add_argument("--reason", default="requested on the command line")
        parser.add_argument("--wait", action="store_true", help="compute here and now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON line for each day."""
        held: list[str] = []
        for text in options["days"]:
            try:
                run, new = services.request(
                    kind_code=options["kind"],
                    trade_date=date.fromisoformat(text),
                    actor=user_named(options["actor"]),
                    at=site_now(),
                    reason=options["reason"],
                )
                if options["wait"]:
                    run = services.execute(run_id=run.pk, at=site_now())
            except (services.RunRefused, UnknownUser, ValueError) as trouble:
                raise CommandError(str(trouble), returncode=2) from trouble
            self.stdout.write(
                json.dumps(
                    {
                        "run": run.pk,
                        "kind": run.kind,
                        "trade_date": text,
                        "new": new,
                        "state": run.state,
                        "version": run.version,
                        "totals": run.totals,
                        "holds": run.holds,
                        "result_hash": run.result_hash,
                        "error": run.error,
                    }
                )
            )
            if run.holds and run.state == "SEALED":
                held.append(f"{run} is not published: {services.counted_holds(run.holds)}.")
                held += [f"  {hold['sentence']}" for hold in run.holds]
        if held:
            raise CommandError("\n".join(held), returncode=3)
