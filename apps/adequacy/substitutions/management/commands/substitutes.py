"""``manage.py substitutes OUTAGE``: who may stand in for a resource that is out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.adequacy.substitutions.codes import READERS
from apps.adequacy.substitutions.services import search
from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.core.quantity import plain


class Command(BaseCommand):
    """List substitutes for an outage, allowed and refused."""

    help = "List who may stand in for a resource that is out, and why each other may not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the outage, the part and the person."""
        parser.add_argument("outage", help="its MRID, or 'card 12'")
        parser.add_argument("--as", dest="user", required=True, help="whose view it is")
        parser.add_argument("--part", choices=["GENERIC", "FLEX"], default="GENERIC")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list."""
        try:
            viewer = user_named(options["user"]).viewer()
        except UnknownUser as trouble:
            raise CommandError(str(trouble)) from trouble
        if not viewer.may(READERS):
            raise CommandError("The roles do not allow it.")
        found = search(viewer, {"outage": options["outage"], "part": options["part"]})
        if found.need is None:
            raise CommandError(" ".join(f"{f.code} {f.message}" for f in found.violations))
        self.stdout.write(f"{found.need.resource}: {plain(found.need.needed)} MW to be substituted")
        for c in found.allowed or ():
            self.stdout.write(f"  {c.resource}: {plain(c.spare)} MW to spare")
        for c in found.refused or ():
            why = " ".join(f"{f.code} {f.message}" for f in c.violations)
            self.stdout.write(f"  not {c.resource}: {why}")
