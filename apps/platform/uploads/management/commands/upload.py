"""``manage.py upload KIND FILE``: send a file from the command line, read it, maybe confirm it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.clock.selectors import site_now
from apps.platform.uploads import services
from apps.platform.uploads.hooks import UPLOAD_KINDS, UnknownKind, kind
from apps.platform.uploads.models import Upload
from apps.platform.uploads.selectors import violations

MOST_VIOLATIONS = 100
AUTO = "auto"


class Command(BaseCommand):
    """Send, read and confirm uploads; exit status 2 where the file is refused."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the kind, the file and who acts."""
        parser.add_argument(
            "kind", nargs="?", help="upload kind, see --list; auto: by the headings"
        )
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--list", action="store_true", help="list the kinds and their columns")
        parser.add_argument("--as", dest="actor", default="", help="user name of the sender")
        parser.add_argument("--confirm-as", default="", help="user name who confirms, if given")
        parser.add_argument("--reason", default="", help="why warnings are accepted")
        parser.add_argument(
            "--acknowledge",
            action="append",
            default=[],
            metavar="CODE[:ROW[:COLUMN]]=REASON",
            help="why a warning of plausibility is right: by its code where it is the only one of "
            "it, else with its row and column, or by its number as the answer gives it",
        )
        parser.add_argument("--template", action="store_true", help="write the kind's template")
        parser.add_argument("--rejected", type=Path, help="write rejected rows to this file")
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, write a template, or send; everything sent is answered by one JSON document."""
        if options["list"] or not options["kind"]:
            for each in UPLOAD_KINDS:
                self.stdout.write(f"{each.code}: {each.title}")
                self.stdout.write(f"    {', '.join(each.layout.headers)}")
            return
        try:
            if options["template"]:
                text = services.template_csv(kind(options["kind"]))
                self.stdout.write(text, ending="")
                return
            if not options["file"] or not options["file"].is_file():
                raise CommandError(f"There is no file {options['file']}.", returncode=2)
            upload, confirmer = self._send(options)
        except (services.UploadRefused, UnknownKind, UnknownUser) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        if options["rejected"] and upload.state == "REFUSED":
            options["rejected"].write_text(services.rejected_rows(upload))
        upload, versions, refusal = self._confirm(upload, confirmer, options)
        self._answer(upload, versions, refusal)
        if upload.state == "REFUSED" or refusal:
            sys.exit(2)

    def _confirm(
        self, upload: Upload, confirmer: User | None, options: dict[str, Any]
    ) -> tuple[Upload, list[str], str]:
        if confirmer is None or upload.state != "READY":
            return upload, [], ""
        try:
            reasons = services.reasons_named(upload, options["acknowledge"])
            upload, made = services.confirm(
                upload_id=upload.pk,
                actor=confirmer,
                at=site_now(),
                reason=options["reason"],
                acknowledged=reasons,
            )
        except services.ConfirmRefused as trouble:
            return upload, [], str(trouble)
        return upload, [str(v) for v in made], ""

    def _send(self, options: dict[str, Any]) -> tuple[Upload, User | None]:
        actor = user_named(options["actor"])
        confirmer = user_named(options["confirm_as"]) if options["confirm_as"] else None
        content, code = options["file"].read_bytes(), options["kind"]
        if code == AUTO:
            found = services.recognise(content, actor.viewer())
            if len(found.kinds) != 1:
                raise services.UploadRefused(found.violations or services.several(found))
            code = found.kinds[0].code
        upload = services.receive(
            kind_code=code,
            file_name=options["file"].name,
            content=content,
            actor=actor,
            at=site_now(),
            options=_options(options["option"]),
        )
        return services.read(upload_id=upload.pk, actor=actor, at=site_now()), confirmer

    def _answer(self, upload: Upload, versions: list[str], refusal: str) -> None:
        names = ("id", "line", "column", "code", "severity", "message", "value")
        answer = {
            "upload": upload.pk,
            "state": upload.state,
            "rows": upload.row_count,
            "errors": upload.error_count,
            "warnings": upload.warning_count,
            "read_as_default": upload.preview.get("defaults", []),
            "versions": versions,
            "refusal": refusal,
            "violations": list(violations(upload=upload).values(*names)[:MOST_VIOLATIONS]),
        }
        self.stdout.write(json.dumps(answer, indent=1))


def _options(words: list[str]) -> dict[str, str]:
    for word in words:
        if "=" not in word:
            raise CommandError(f"{word!r} is not written NAME=VALUE.", returncode=2)
    return dict(word.split("=", 1) for word in words)
