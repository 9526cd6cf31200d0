"""``manage.py token make NAME --as USER --scope read``; ``revoke ID --as USER``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named, viewer_of
from apps.platform.clock.selectors import site_now
from apps.platform.core.numbers import read_key
from apps.platform.sign_in import selectors
from apps.platform.sign_in.codes import TokenScope
from apps.platform.sign_in.services import TokenRefused, token_make, token_revoke


class Command(BaseCommand):
    """Make a token of a person, or revoke one; the secret is printed once."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, as whom."""
        parser.add_argument("action", choices=["make", "revoke"])
        parser.add_argument("name", help="what uses it; to revoke: its number")
        parser.add_argument("--as", dest="username", required=True)
        parser.add_argument("--scope", action="append", choices=[s.value for s in TokenScope])
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or revoke."""
        now = site_now()
        try:
            user = user_named(options["username"])
            if options["action"] == "make":
                _, secret = token_make(
                    user=user,
                    name=options["name"],
                    scopes=options["scope"] or ["read"],
                    days=options["days"],
                    actor=user,
                    at=now,
                )
                self.stdout.write(secret)
                return
        except (UnknownUser, TokenRefused) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        number = options["name"]
        own = selectors.tokens(viewer=viewer_of(user))
        key = read_key(number)
        token = own.filter(pk=key).first() if key is not None else None
        if token is None:
            raise CommandError(f"There is no token {number} of yours.", returncode=2)
        token_revoke(token=token, actor=user, at=now)
        self.stdout.write(f"revoked {token.name}")
