"""``manage.py hooks``: write each registry with who registered what from where."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.site.requirements.selectors import registered


class Command(BaseCommand):
    """What apps offer one another, as it stands after start-up."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how a registry's name begins, words of an entry, and the form."""
        parser.add_argument("name", nargs="?", default="", help="how its name begins: uploads")
        parser.add_argument("--words", default="", help="entries whose key, what or place hold it")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write registries and entries; an unknown name is told with those there are."""
        found = registered(options["name"], options["words"])
        if not found:
            names = ", ".join(each.name for each in registered())
            raise CommandError(f"Nothing is registered so. There are {names}.")
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in found], indent=1))
            return
        for each in found:
            self.stdout.write(f"{each.name} ({each.count}, {each.state}): {each.meaning}")
            for entry in each.entries:
                self.stdout.write(f"    {entry.key}  {entry.value}  {entry.place}")
