"""``manage.py upload KIND FILE``: send a file from the command line, read it, maybe confirm it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts.selectors import UnknownUser, user_named
from apps.uploads import services
from apps.uploads.selectors import findings
from apps.uploads.terms import UnknownKind


class Command(BaseCommand):
    """Send, read and confirm uploads; exit status 2 where the file is refused."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the kind, the file and who acts."""
        parser.add_argument("kind", nargs="?", help="upload kind, see --list")
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--list", action="store_true", help="list the kinds and their columns")
        parser.add_argument("--as", dest="actor", default="", help="user name of the sender")
        parser.add_argument("--confirm-as", default="", help="user name who confirms, if given")
        parser.add_argument("--reason", default="", help="why warnings are accepted")
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and write one JSON document."""
        if options["list"] or not options["kind"]:
            for kind in services.kinds():
                self.stdout.write(f"{kind.code}: {kind.title}")
                self.stdout.write(f"    {', '.join(kind.record.headers)}")
            return
        if not options["file"] or not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.", returncode=2)
        try:
            actor = user_named(options["actor"])
            confirmer = user_named(options["confirm_as"]) if options["confirm_as"] else None
            upload = services.receive(
                kind_code=options["kind"],
                file_name=options["file"].name,
                content=options["file"].read_bytes(),
                actor=actor,
                at=timezone.now(),
                options=dict(o.split("=", 1) for o in options["option"] if "=" in o),
            )
        except (services.UploadRefused, UnknownKind, UnknownUser) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        upload = services.read(upload_id=upload.pk, actor=actor, at=timezone.now())
        versions: list[str] = []
        refusal = ""
        if upload.state == "READY" and confirmer is not None:
            try:
                upload, made = services.confirm(
                    upload_id=upload.pk,
                    actor=confirmer,
                    at=timezone.now(),
                    reason=options["reason"],
                )
                versions = [str(v) for v in made]
            except services.ConfirmRefused as trouble:
                refusal = str(trouble)
        self.stdout.write(
            json.dumps(
                {
                    "upload": upload.pk,
                    "state": upload.state,
                    "rows": upload.row_count,
                    "errors": upload.error_count,
                    "warnings": upload.warning_count,
                    "versions": versions,
                    "refusal": refusal,
                    "findings": list(
                        findings(upload=upload).values(
                            "line", "column", "code", "severity", "message", "value"
                        )[:100]
                    ),
                },
                indent=1,
            )
        )
        if upload.state == "REFUSED" or refusal:
            sys.exit(2)
