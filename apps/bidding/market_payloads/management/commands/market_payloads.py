"""``manage.py market_payloads make|deliver|due [--day D] [--as USER]``: payloads to the markets."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.bidding.market_payloads import services
from apps.bidding.market_payloads.codes import SENDERS, Audience
from apps.bidding.market_payloads.models import MarketPayload
from apps.platform.accounts.selectors import UnknownUser, system_user, user_named
from apps.platform.clock.selectors import site_now
from apps.platform.core.words import counted


class Command(BaseCommand):
    """Make payloads of a trade date, hand over what waits, or do what is due."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, for which day, in whose name."""
        parser.add_argument("what", choices=("make", "deliver", "due"))
        parser.add_argument("--day", default="")
        parser.add_argument("--as", dest="actor", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and print a line for each payload."""
        now = site_now()
        try:
            actor = user_named(options["actor"]) if options["actor"] else system_user()
            if options["actor"] and not actor.viewer().may(SENDERS):
                raise CommandError("Your roles do not allow you to publish.", returncode=2)
            if options["what"] == "make":
                day = date.fromisoformat(options["day"])
                make = services.payload_asked if options["actor"] else services.make_payload
                for audience in Audience:
                    payload, is_new = make(
                        audience=audience, day=day, actor=actor, at=now, cause="by hand"
                    )
                    self._say(payload, "new" if is_new else "unchanged")
            elif options["what"] == "due":
                for payload in services.publish_due(at=now, actor=actor):
                    self._say(payload, "new")
            else:
                self._deliver(now)
        except (UnknownUser, ValueError) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble

    def _deliver(self, now: Any) -> None:
        destination = services.destination_of(settings.MARKET_DESTINATION)
        for payload in MarketPayload.objects.filter(state__in=["MADE", "FAILED"]):
            done = services.deliver(payload_id=payload.pk, destination=destination, at=now)
            attempt = done.attempts.first()
            self._say(done, attempt.sentence if attempt else "")

    def _say(self, payload: MarketPayload, what: str) -> None:
        self.stdout.write(
            f"{payload.audience} {payload.trade_date} v{payload.version} {payload.state}: "
            f"{counted(payload.records, 'record')}, {what}"
        )
