"""``manage.py clearing``: issue invoices, show one, measure liabilities, show the balances."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.clock.selectors import site_now, site_today
from apps.platform.core.violations import ValidationFailed
from apps.settlement.clearing import selectors, services
from apps.settlement.clearing.codes import CLEARERS
from apps.settlement.clearing.serializers import (
    ExposureShowSerializer,
    InvoiceShowSerializer,
    TrialBalanceSerializer,
)


class Command(BaseCommand):
    """Do or show what a person may; exit status 2 where it is refused."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """What, on whose behalf, and which."""
        parser.add_argument("what", choices=("issue", "invoice", "measure", "balance"))
        parser.add_argument("number", nargs="?", default="", help="of an invoice")
        parser.add_argument("--as", dest="actor", required=True, help="the acting person")
        parser.add_argument("--as-of", type=date.fromisoformat, help="measure as of this day")
        parser.add_argument("--format", choices=("json", "csv", "pdf"), default="json")
        parser.add_argument("--out", help="file to write; a PDF needs one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON document, or a file."""
        try:
            actor = user_named(options["actor"])
            self._do(actor, options)
        except (UnknownUser, ValidationFailed) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble

    def _do(self, actor: Any, options: dict[str, Any]) -> None:
        what, now = options["what"], site_now()
        if what == "invoice":
            return self._invoice(actor, options)
        if not actor.viewer().may(CLEARERS):
            raise CommandError("Your roles do not allow this.", returncode=2)
        if what == "balance":
            return self._write(TrialBalanceSerializer(selectors.trial_balance()).data)
        if what == "issue":
            made = services.issue_invoices(actor=actor, at=now)
            return self._write(InvoiceShowSerializer(made, many=True).data)
        as_of = options["as_of"] or site_today()
        found = services.measure(as_of=as_of, actor=actor, at=now)
        return self._write(ExposureShowSerializer(found, many=True).data)

    def _invoice(self, actor: Any, options: dict[str, Any]) -> None:
        found = selectors.invoices(viewer=actor.viewer()).filter(number=options["number"]).first()
        if found is None:
            raise CommandError(f"There is no invoice {options['number']} of yours.", returncode=2)
        if options["format"] == "pdf":
            if not options["out"]:
                raise CommandError("Name a file with --out.", returncode=2)
            Path(options["out"]).write_bytes(services.pdf_of(found))
        elif options["format"] == "csv":
            for row in services.csv_rows(found):
                self.stdout.write(",".join(row))
        else:
            self._write(InvoiceShowSerializer(found).data)

    def _write(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, indent=1))
