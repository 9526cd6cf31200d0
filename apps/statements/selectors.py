"""Reads of statements, each for one viewer."""

from __future__ import annotations

import polars as pl
from django.db import connection
from django.db.models import F, QuerySet

from apps.accounts.rules import Viewer
from apps.runs.models import Run
from apps.settlements.selectors import RESULT_COLUMNS
from apps.statements.models import Statement, StatementLine


def statements(*, viewer: Viewer) -> QuerySet[Statement]:
    """Return statements: all for the ISO, an SC's own."""
    rows = Statement.objects.select_related("sc", "run", "previous")
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def statement_lines(*, viewer: Viewer) -> QuerySet[StatementLine]:
    """Return statement lines: all for the ISO, those of its own statements for an SC."""
    rows = StatementLine.objects.all()
    if viewer.is_iso:
        return rows
    return rows.filter(statement__sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def lines_of(statement: Statement, *, changed_only: bool = False) -> QuerySet[StatementLine]:
    """Return the lines of a statement the viewer was given; only those that changed, if asked."""
    rows = statement.lines.select_related("resource", "tac_area").order_by("line_no")
    return rows.exclude(amount=F("previous_amount")) if changed_only else rows


def versions_of(statement: Statement) -> QuerySet[Statement]:
    """Return every version of the same SC and trade date, newest first."""
    return Statement.objects.filter(
        sc_id=statement.sc_id, trade_date=statement.trade_date
    ).order_by("-version")


def line_frame(*, run: Run) -> pl.DataFrame:
    """Return the statement lines of a run as a frame, amounts in whole cents."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select s.sc_id, l.charge_code, l.resource_id, l.tac_area_id, l.contract_no, l.amount "
            f"from {StatementLine._meta.db_table} l "
            f"join {Statement._meta.db_table} s on s.id = l.statement_id where s.run_id = %s",
            [run.pk],
        )
        return pl.DataFrame(cursor.fetchall(), schema=RESULT_COLUMNS, orient="row")
