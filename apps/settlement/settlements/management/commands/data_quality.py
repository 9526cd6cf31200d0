"""``manage.py data_quality DAY --as USER``: what a trade date would be settled from now.

Exit status 2: refused. 3: a run made now would hold something, or be published with a reason only;
the error says what, and which command or file makes it good. ``--prepare`` requests the
calculations that are missing.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rest_framework.utils.encoders import JSONEncoder

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.clock.selectors import site_now
from apps.platform.runs.hooks import HoldEffect
from apps.platform.runs.services import RunRefused
from apps.settlement.settlements import services
from apps.settlement.settlements.serializers import DataQualitySerializer


class Command(BaseCommand):
    """Inputs of a trade date, their readiness, and what was found in them."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which trade date, on whose behalf."""
        parser.add_argument("day", help="trade date, YYYY-MM-DD")
        parser.add_argument("--as", dest="actor", required=True, help="user who looks")
        parser.add_argument("--prepare", action="store_true", help="request what is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON document."""
        at = site_now()
        try:
            day, actor = date.fromisoformat(options["day"]), user_named(options["actor"])
            if not actor.viewer().may(ISO_ROLES):
                raise RunRefused("Only people of the ISO see the data quality of a trade date.")
            found = services.data_quality_of(day, at)
            if options["prepare"]:
                holds = [h.as_dict() for h in found.holds]
                services.prepare_day(holds=holds, actor=actor, at=at)
        except (RunRefused, UnknownUser, ValueError) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        told = DataQualitySerializer(found).data
        self.stdout.write(json.dumps(told, indent=1, cls=JSONEncoder))
        if found.missing or found.holds:
            raise CommandError("\n".join(_lacks(found)), returncode=3)


def _lacks(found: services.DataQuality) -> list[str]:
    """Return what a trade date lacks and what makes it good, line by line."""
    said = [f"{found.day} is not ready to be settled."]
    said += [f"  {i.dataset.title}: none on file." for i in found.missing]
    said += [f"  {h.sentence}" for h in found.holds]
    for asked in (c for c in found.checks if c.state != HoldEffect.NAMED):
        for kind, days in asked.runs:
            said.append(f"  manage.py run {kind} {' '.join(map(str, days))} --as USER --wait")
        said += [f"  manage.py upload {code} FILE --as USER" for code, _ in asked.files]
    return said
