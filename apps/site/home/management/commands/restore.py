"""``manage.py restore FILE --into NAME``: restore a backup into a new database, and prove it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.clock.selectors import site_now
from apps.site.home import services


class Command(BaseCommand):
    """Exit status 1 where the backup cannot be restored or does not come to what was published."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """What, and where to."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--into", required=True, help="name of a database to be made")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON document about the drill."""
        try:
            found = services.restore(backup=options["file"], into=options["into"])
            services.note_proof(backup=options["file"], found=found, at=site_now())
        except services.BackupTrouble as trouble:
            raise CommandError(str(trouble), returncode=1) from trouble
        self.stdout.write(json.dumps(asdict(found), indent=1))
        if found.broken:
            raise CommandError(found.broken[0], returncode=1)
