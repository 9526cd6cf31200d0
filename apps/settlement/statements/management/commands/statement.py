"""``manage.py statement SC DATE``: a statement as JSON, CSV, XML or PDF, or a line explained.

With ``--month`` the SC's month of that date, with ``--invoices`` what its invoices bill.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.selectors import UnknownUser, user_named
from apps.platform.core.tradetime import is_plausible
from apps.platform.core.violations import ValidationFailed
from apps.settlement.settlements.services import Unexplained
from apps.settlement.statements import selectors, services
from apps.settlement.statements.serializers import (
    InvoiceWeekSerializer,
    LineExplainSerializer,
    StatementChangesSerializer,
    StatementMonthSerializer,
    StatementShowSerializer,
)
from apps.settlement.statements.services import WRITERS


class Command(BaseCommand):
    """Read what a person may read; exit status 2 where there is no such statement for them."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which statement, on whose behalf, and what of it."""
        parser.add_argument("sc")
        parser.add_argument("trade_date", type=date.fromisoformat)
        parser.add_argument("--as", dest="actor", required=True, help="user who reads")
        parser.add_argument("--version-no", dest="wanted", type=int, help="newest where left out")
        parser.add_argument("--difference", action="store_true", help="to the version before")
        parser.add_argument(
            "--format",
            choices=[*WRITERS, "pdf", "zip"],
            help="write it as a document; zip: its replay kit",
        )
        parser.add_argument("--out", help="file to write; a PDF needs one")
        parser.add_argument("--month", action="store_true", help="the month of the date")
        parser.add_argument("--invoices", action="store_true", help="what each invoice bills")
        parser.add_argument("--line", type=int, help="explain this line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one JSON document."""
        try:
            viewer = user_named(options["actor"]).viewer()
        except UnknownUser as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        if options["month"] or options["invoices"]:
            self.stdout.write(json.dumps(self._over_time(viewer, options), indent=1))
            return
        found = selectors.statements(viewer=viewer).filter(
            sc__code=options["sc"], trade_date=options["trade_date"]
        )
        if options["wanted"]:
            found = found.filter(version=options["wanted"])
        statement = found.order_by("-version").first()
        if statement is None:
            raise CommandError("There is no such statement, or it is not yours.", returncode=2)
        if options["format"]:
            self._document(statement, options["format"], options["out"])
            return
        self.stdout.write(json.dumps(self._content(statement, viewer, options), indent=1))

    def _over_time(self, viewer: Any, options: dict[str, Any]) -> Any:
        sc = selectors.recipients(viewer=viewer).filter(code=options["sc"]).first()
        if sc is None:
            raise CommandError("There are no such statements, or they are not yours.", returncode=2)
        if options["invoices"]:
            try:
                found = services.billed(selectors.statements(viewer=viewer).filter(sc=sc))
            except ValidationFailed as trouble:
                raise CommandError(str(trouble), returncode=2) from trouble
            return InvoiceWeekSerializer(found, many=True).data
        if not is_plausible(options["trade_date"]):
            raise CommandError("There is no such month.", returncode=2)
        return StatementMonthSerializer(services.month_of(sc, options["trade_date"])).data

    def _document(self, statement: Any, form: str, out: str | None) -> None:
        if form in ("pdf", "zip") and not out:
            raise CommandError(f"Say with --out where to write the {form}.", returncode=2)
        if form in ("pdf", "zip"):
            content = (services.pdf_of if form == "pdf" else services.kit_of)(statement)
        else:
            content = "".join(services.written(statement, form)[1]).encode()
        if out:
            Path(out).write_bytes(content)
        else:
            self.stdout.write(content.decode(), ending="")

    def _content(self, statement: Any, viewer: Any, options: dict[str, Any]) -> Any:
        if options["line"]:
            return self._explained(statement, viewer, options["line"])
        if options["difference"]:
            if statement.previous is None:
                raise CommandError("The first version has nothing to differ from.", returncode=2)
            return StatementChangesSerializer(statement).data
        return StatementShowSerializer(statement).data

    def _explained(self, statement: Any, viewer: Any, number: int) -> Any:
        line = selectors.lines_of(statement).filter(line_no=number).first()
        if line is None:
            raise CommandError(f"The statement has no line {number}.", returncode=2)
        try:
            return LineExplainSerializer(services.explain(line=line, viewer=viewer)).data
        except Unexplained as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
