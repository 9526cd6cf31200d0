"""``manage.py certificate issue FILE.csr --for USER --as ADMIN``; ``revoke SERIAL --as ADMIN``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named, viewer_of
from apps.platform.clock.selectors import machine_now
from apps.platform.sign_in import selectors, services


class Command(BaseCommand):
    """Sign a machine's request and print the certificate, or revoke one."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, as whom."""
        parser.add_argument("action", choices=["issue", "revoke"])
        parser.add_argument("what", help="a file with the request; to revoke: the serial")
        parser.add_argument("--as", dest="username", required=True)
        parser.add_argument("--for", dest="acts_as", help="whom the machine acts as")
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue or revoke."""
        now = machine_now()
        try:
            actor = user_named(options["username"])
            if options["action"] == "issue":
                made = services.issue_certificate(
                    request_pem=Path(options["what"]).read_text(errors="replace"),
                    user=user_named(options["acts_as"] or ""),
                    actor=actor,
                    at=now,
                )
                self.stdout.write(made.pem)
                return
            own = selectors.certificates(viewer=viewer_of(actor))
            found = own.filter(serial=options["what"]).first()
            if found is None:
                raise CommandError("There is no such certificate of yours.", returncode=2)
            services.revoke_certificate(
                certificate=found, actor=actor, at=now, reason=options["reason"]
            )
            self.stdout.write(f"revoked {found.serial}")
        except (UnknownUser, OSError, services.CertificateRefused) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
