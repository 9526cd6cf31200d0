"""``manage.py masterfile retrieve|check [--day D] [--source S]``: the Master File by hand."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import Http404

from apps.platform.clock.selectors import site_now
from apps.platform.ui.requests import day_asked
from apps.reference.masterfile import services
from apps.reference.masterfile.hooks import VERIFIERS


class Command(BaseCommand):
    """Retrieve the Master File now, or hold it against Appendix 2."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, for which day, from where."""
        parser.add_argument("what", choices=("retrieve", "check"))
        parser.add_argument("--day", default="")
        parser.add_argument("--source", default="", help="a folder or address, else the site's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and print what came of it."""
        try:
            day = day_asked(options["day"])
        except Http404 as trouble:
            raise CommandError(str(trouble)) from None
        if options["what"] == "check":
            for verifier in VERIFIERS:
                for line in verifier(day):
                    self.stdout.write(line)
            return
        source = services.source_of(options["source"] or settings.MASTERFILE_SOURCE)
        try:
            found = services.retrieve(source=source, day=day, at=site_now())
        except services.SourceTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        for entry in found:
            self.stdout.write(f"{entry.file_name}: {entry.outcome}, {entry.sentence}")
        self.stdout.write(f"{len(found)} new files from {source.name}")
