"""``manage.py parameter list|propose|approve|reject``: parameters from the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.models import User
from apps.platform.accounts.rules import NOBODY
from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.core.effective import ParameterRefused
from apps.platform.parameters import selectors, services


class Command(BaseCommand):
    """List, propose and decide parameter values."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command and its values."""
        parser.add_argument("action", choices=["list", "propose", "approve", "reject"])
        parser.add_argument("target", nargs="?", help="parameter name, or proposal number")
        parser.add_argument("value", nargs="?")
        parser.add_argument("--from", dest="first", default="", help="first trade date")
        parser.add_argument("--to", dest="last", default="", help="last trade date")
        parser.add_argument("--reference", default="")
        parser.add_argument("--reason", default="")
        parser.add_argument("--as", dest="actor", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not."""
        if options["action"] == "list":
            for value in selectors.values(viewer=NOBODY).filter(known__contains=site_now()):
                self.stdout.write(f"{value.name} = {value.text} from {value.valid.lower}")
            return
        try:
            self.stdout.write(self._act(user_named(options["actor"]), options))
        except (ParameterRefused, MoveRefused, UnknownUser, ValueError) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble

    def _act(self, actor: User, options: dict[str, Any]) -> str:
        now = site_now()
        if options["action"] == "propose":
            proposal = services.propose(
                name=options["target"] or "",
                text=options["value"] or "",
                first_date=date.fromisoformat(options["first"]),
                last_date=date.fromisoformat(options["last"]) if options["last"] else None,
                reference=options["reference"],
                reason=options["reason"],
                actor=actor,
                at=now,
            )
        else:
            act = services.approve if options["action"] == "approve" else services.reject
            proposal = act(
                proposal_id=int(options["target"]), actor=actor, at=now, note=options["reason"]
            )
        return f"proposal {proposal.pk} is {proposal.state}"
