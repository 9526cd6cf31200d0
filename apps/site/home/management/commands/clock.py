"""``manage.py clock``: tell the site's time.

``--go-on`` lets a simulated clock go on from where the product stopped.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.platform.clock.selectors import is_simulated, machine_now, site_now
from apps.platform.clock.services import go_on
from apps.platform.core.tradetime import PACIFIC
from apps.site.home.selectors import last_seen


class Command(BaseCommand):
    """Tell what time it is here."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the clock is to go on after a stop."""
        parser.add_argument("--go-on", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the time; the launcher lets it go on before anything else runs."""
        if not is_simulated():
            self.stdout.write(f"{site_now().astimezone(PACIFIC):%Y-%m-%d %H:%M:%S} Pacific")
            return
        if options["go_on"] and (seen := last_seen()) is not None:
            go_on(stopped=seen, at=machine_now())
        self.stdout.write(
            f"{site_now().astimezone(PACIFIC):%Y-%m-%d %H:%M:%S} Pacific, simulated; the machine's "
            f"clock says {machine_now().astimezone(PACIFIC):%Y-%m-%d %H:%M:%S}"
        )
