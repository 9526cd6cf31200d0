"""``manage.py calculate NAME``: one JSON document in, one JSON document out."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.platform.core.calculator import Refused
from apps.platform.core.violations import Violation
from apps.site.calculators import services


class Command(BaseCommand):
    """Read JSON on standard input, write JSON on standard output; exit status 2 for bad input."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The calculator's name, or --list."""
        parser.add_argument("name", nargs="?")
        parser.add_argument("--list", action="store_true", help="names, fields and units")

    def handle(self, *args: Any, **options: Any) -> None:
        """Calculate, or list what there is."""
        if options["list"] or not options["name"]:
            self._list()
            return
        try:
            result: Any = services.calculate(name=options["name"], text=sys.stdin.buffer.read())
            status = 0
        except Refused as trouble:
            result, status = [f.as_dict() for f in trouble.violations], 2
        except services.UnknownCalculator as trouble:
            result, status = [Violation("CALC-NAME", str(trouble)).as_dict()], 2
        self.stdout.write(json.dumps(result, indent=1))
        if status:
            sys.exit(status)

    def _list(self) -> None:
        for entry in services.describe():
            self.stdout.write(f"{entry['name']}: {entry['meaning']}")
            for side in ("inputs", "outputs"):
                for port in entry[side]:
                    unit = f" [{port['unit']}]" if port["unit"] else ""
                    arrow = "<-" if side == "inputs" else "->"
                    self.stdout.write(
                        f"  {arrow} {port['name']}{unit}: {port['shape']}. {port['meaning']}"
                    )
            self.stdout.write(f"  example: {json.dumps(entry['example'])}")
