"""``manage.py settle``: request, compute and publish trade dates from the command line.

Exit status 2: refused. 3: a run leaves something held because an input is missing or outdated; its
line names what. Such a run is published only with ``--over-holds`` and a reason.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.runs import services as run_services
from apps.platform.runs.models import Run
from apps.settlement.settlements import services


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
        parser.add_argument("--over-holds", default="", help="why held parts do not matter")
        parser.add_argument(
            "--answered-for", default="", help="why what is settled over a missing input is right"
        )
        parser.add_argument("--wait", action="store_true", help="compute here and now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON line for each day."""
        held: list[str] = []
        for text in options["days"]:
            try:
                run, new = self._settled(text, options)
            except (run_services.RunRefused, MoveRefused, UnknownUser, ValueError) as trouble:
                raise CommandError(str(trouble), returncode=2) from trouble
            self.stdout.write(
                json.dumps(
                    {
                        "run": run.pk,
                        "trade_date": text,
                        "type": run.run_type,
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
                parts = run_services.counted_holds(run.holds)
                held.append(f"{run} is not published: {parts}.\n{_remedies(run)}")
        if held:
            raise CommandError("\n".join(held), returncode=3)

    def _settled(self, text: str, options: dict[str, Any]) -> tuple[Run, bool]:
        run, new = services.request_day(
            trade_date=date.fromisoformat(text),
            actor=user_named(options["actor"]),
            at=site_now(),
            reason=options["reason"],
            run_type=options["type"],
        )
        if options["wait"] or options["publish_as"]:
            run = run_services.execute(run_id=run.pk, at=site_now())
        publishes = options["publish_as"] and run.state == "SEALED"
        reasons = {name: options[name] for name in ("over_holds", "answered_for")}
        if publishes and not run_services.lacking_reasons(run.holds, **reasons):
            run = run_services.publish(
                run_id=run.pk,
                actor=user_named(options["publish_as"]),
                at=site_now(),
                **reasons,
            )
        return run, new


def _remedies(run: Run) -> str:
    """Return what is held and the commands that calculate what is missing, line by line."""
    days: dict[str, list[str]] = {}
    for hold in run.holds:
        if hold["kind"]:
            days.setdefault(hold["kind"], []).extend(hold["days"])
    return "\n".join(
        [
            *(f"  {h['sentence']}" for h in run.holds),
            *(
                f"  manage.py run {code} {' '.join(sorted(set(found)))} --as USER --wait"
                for code, found in sorted(days.items())
            ),
            f"  manage.py data_quality {run.trade_date} --as USER",
        ]
    )
