"""``manage.py password_link NAME``: print a link with which a person sets a password, once.

For who runs the machine, where no mail goes. It is on record, the person and those who may approve
are told, the person's API tokens are revoked, and of somebody who may approve all sessions end.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.clock.selectors import site_now
from apps.platform.sign_in import services


class Command(BaseCommand):
    """Print a password link."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """For whom."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it alone on a line, so that nothing else is handed on."""
        host = urljoin(settings.SITE_ADDRESS, "/")  # the link brings the site's prefix itself
        try:
            user = user_named(options["username"])
            link = services.link_for_operator(user=user, at=site_now(), root=host)
        except (UnknownUser, services.PersonRefused) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        self.stdout.write(link)
