"""``manage.py verify_publications``: check the chain of publications against the database."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.runs import services


class Command(BaseCommand):
    """Exit status 1 where the chain is broken, with the first place."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Hashes that somebody kept."""
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="a hash you kept; may be given more than once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON document."""
        try:
            kept = {int(n): h for n, h in (text.split(":", 1) for text in options["expect"])}
        except ValueError:
            raise CommandError("--expect is written NUMBER:HASH.", returncode=2) from None
        count, broken = services.verify_chain(expected=kept)
        said = [{"number": b.number, "sentence": b.sentence} for b in broken]
        self.stdout.write(json.dumps({"publications": count, "broken": said}, indent=1))
        if broken:
            raise CommandError(f"Broken at publication {broken[0].number}.", returncode=1)
