"""``manage.py prepare [--demo]``: migrate, collect static files, load reference data and the demo.

One program for what a start needs, so that a start is quick. Twice is harmless.
"""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.platform.accounts.services import (
    GuardsMissing,
    RowSecurityError,
    brief,
    lost_guards,
    require_guards,
)
from apps.platform.jobs.services import seed_schedule
from apps.platform.sign_in.services import ensure_authority
from apps.site.home.services import OtherSchema, check_schema
from apps.site.home.tasks import queue_demo


class Command(BaseCommand):
    """Bring database and files to where this version of the product needs them."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the demo is wanted."""
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Call the commands in order; make the authority of machine certificates."""
        try:
            check_schema()
            if lost := lost_guards():
                self.stderr.write(
                    f"guards of the database had gone or changed, and are put back: {brief(lost)}"
                )
            call_command("migrate", interactive=False, verbosity=0)
            require_guards()
        except (RowSecurityError, GuardsMissing, OtherSchema) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        ensure_authority(at=timezone.now())
        seed_schedule(table=settings.SCHEDULE_TABLE)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_reference", stdout=self.stdout)
        if options["demo"]:
            call_command("load_demo", stdout=self.stdout)
            queue_demo()
