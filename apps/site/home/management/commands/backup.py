"""``manage.py backup FILE``: the whole database in a file, with what it must come to again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.clock.selectors import site_now
from apps.site.home import services


class Command(BaseCommand):
    """Write FILE and FILE.json; exit status 1 where it could not be done, with nothing left."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON document about the backup."""
        try:
            found = services.back_up(out=options["file"], at=site_now())
            services.note_backup(manifest=found, name=options["file"].name, at=site_now())
        except services.BackupTrouble as trouble:
            raise CommandError(str(trouble), returncode=1) from trouble
        told = {k: v for k, v in found.items() if k != "results"}
        self.stdout.write(json.dumps({**told, "published_runs": len(found["results"])}, indent=1))
