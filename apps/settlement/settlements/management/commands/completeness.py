"""``manage.py completeness RUN --as USER``: which input rows of a run were used, and why not."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.settlement.settlements import services
from apps.settlement.settlements.selectors import settled_runs
from apps.settlement.settlements.serializers import RunCompletenessSerializer


class Command(BaseCommand):
    """Exit status 2 where there is no such run for the person."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which run, on whose behalf."""
        parser.add_argument("run", type=int)
        parser.add_argument("--as", dest="actor", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON document."""
        try:
            viewer = user_named(options["actor"]).viewer()
        except UnknownUser as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        run = settled_runs(viewer=viewer).filter(pk=options["run"]).first()
        if run is None:
            raise CommandError("There is no such settled run, or it is not yours.", returncode=2)
        found = RunCompletenessSerializer(services.completeness_of(run), many=True).data
        self.stdout.write(json.dumps(found, indent=1))
