"""``manage.py prepare [--demo]``: migrate, collect static files, load reference data and the demo.

One program for what a start needs, so that a start is quick. Twice is harmless.
"""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.services import (
    GuardsMissing,
    RowSecurityError,
    brief,
    lost_guards,
    require_guards,
)
from apps.platform.clock.selectors import machine_now, simulation_on_file
from apps.platform.clock.services import ClockRefused, begin_clock, go_on
from apps.platform.jobs.services import seed_schedule
from apps.platform.sign_in.services import ensure_authority
from apps.site.home.selectors import last_seen
from apps.site.home.services import OtherSchema, check_schema, demo_sign_ins
from apps.site.home.tasks import queue_demo

DEMO_REFUSED = (
    "With {why} others reach this site, and everybody knows the password of the people of the "
    "demo: leave --demo out (RMRCPM_DEMO=0)."
)
STILL_THERE = (
    "With {why} others reach this site, and these people of the demo can sign in with the password "
    "everybody knows: {names}. Begin with a home or database of its own, or serve this machine "
    "alone, deactivate them under Users, and start again."
)
SIMULATED = (
    "This database runs by a simulated clock and holds moments of it, and this home does not know "
    "it. Start with RMRCPM_CLOCK set (the clock goes on from where it stopped), or begin with a "
    "home of its own (RMRCPM_HOME)."
)


class Command(BaseCommand):
    """Bring database and files to where this version of the product needs them."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the demo is wanted."""
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Call the commands in order; make the authority of machine certificates.

        A site that others reach takes no people of the demo, and refuses those it has already.
        """
        if options["demo"] and settings.REACHED_BY:
            raise CommandError(DEMO_REFUSED.format(why=settings.REACHED_BY), returncode=2)
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
        _set_clock()
        ensure_authority(at=machine_now())
        if settings.REACHED_BY and (names := demo_sign_ins(password=settings.DEMO_PASSWORD)):
            raise CommandError(
                STILL_THERE.format(why=settings.REACHED_BY, names=", ".join(names)), returncode=2
            )
        seed_schedule(table=settings.SCHEDULE_TABLE)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_reference", stdout=self.stdout)
        if options["demo"]:
            call_command("load_demo", stdout=self.stdout)
            queue_demo()


def _set_clock() -> None:
    """Begin a simulated clock where one is named, or go on; refuse a database without its own."""
    starts = settings.CLOCK_STARTS
    if starts is not None:
        try:
            begun = begin_clock(starts=starts, at=machine_now())
        except ClockRefused as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        if begun:
            settings.CLOCK_FILE.write_text(starts.isoformat())
        elif (seen := last_seen()) is not None:
            go_on(stopped=seen, at=machine_now())
    elif simulation_on_file():
        raise CommandError(SIMULATED, returncode=2)
