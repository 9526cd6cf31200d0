"""``manage.py compare OLD NEW --as USER``: two runs or trade dates line by line, as JSON.

``--causes`` splits the change by cause; ``--shadow FILE`` holds own figures against a statement.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.core.violations import ValidationFailed
from apps.settlement.statements import selectors, services
from apps.settlement.statements.serializers import (
    RunCausesSerializer,
    StatementCompareSerializer,
    StatementShadowSerializer,
)


class Command(BaseCommand):
    """Exit status 2 where the comparison is refused."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """What is compared, on whose behalf."""
        parser.add_argument("old", help="trade date, or number of a run; a statement for --shadow")
        parser.add_argument("new", nargs="?", default="", help="trade date, or number of a run")
        parser.add_argument("--as", dest="actor", required=True, help="user who compares")
        parser.add_argument("--sc", default="", help="one SC, for the ISO")
        parser.add_argument("--least", default="", help="least change to list, in dollars")
        parser.add_argument("--page", default="1")
        parser.add_argument("--causes", action="store_true", help="split by cause")
        parser.add_argument("--shadow", help="file of own figures for the statement OLD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON document."""
        try:
            viewer = user_named(options["actor"]).viewer()
            self.stdout.write(json.dumps(self._told(viewer, options), indent=1))
        except (ValidationFailed, UnknownUser, OSError) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble

    def _told(self, viewer: Any, options: dict[str, Any]) -> Any:
        if options["shadow"]:
            number = options["old"] if options["old"].isdecimal() else "0"
            own = selectors.statements(viewer=viewer).filter(pk=int(number[:18])).first()
            if own is None:
                raise CommandError("There is no such statement, or it is not yours.", returncode=2)
            content = Path(options["shadow"]).read_bytes()
            found = services.shadow(
                statement=own, content=content, least=services.least_of(options["least"])
            )
            return StatementShadowSerializer(found).data
        if options["causes"]:
            old = services.run_to_compare(options["old"], viewer)
            new = services.run_to_compare(options["new"], viewer)
            asked = services.asked_of(options, viewer)
            sc = asked["sc_id"] if viewer.is_iso else viewer.party_id
            return RunCausesSerializer(services.why(old=old, new=new, sc_id=sc)).data
        return StatementCompareSerializer(services.compared(options, viewer)).data
