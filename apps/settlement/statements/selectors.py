"""Reads of statements, each for one viewer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from apps.platform.accounts.models import Party
from apps.platform.accounts.rules import Viewer
from apps.platform.runs.models import Run
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.selectors import RESULT_COLUMNS
from apps.settlement.statements.models import Statement, StatementLine, StatementReceipt


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


LINE_VALUES = (
    "line_no",
    "charge_code",
    "resource_id",
    "resource__code",
    "tac_area_id",
    "tac_area__code",
    "contract_no",
    "amount",
    "previous_amount",
)


def line_values(statement: Statement) -> list[tuple[Any, ...]]:
    """Return the lines of a statement as plain tuples in the order of ``LINE_VALUES``."""
    return list(statement.lines.order_by("line_no").values_list(*LINE_VALUES))


def versions_of(statement: Statement) -> QuerySet[Statement]:
    """Return every version of the same SC and trade date, newest first."""
    return Statement.objects.filter(
        sc_id=statement.sc_id, trade_date=statement.trade_date
    ).order_by("-version")


def statements_between(sc_id: int, first: date, last: date) -> list[Statement]:
    """Return every version of an SC's statements of some trade dates, in their order."""
    found = Statement.objects.filter(sc_id=sc_id, trade_date__gte=first, trade_date__lte=last)
    return list(found.select_related("run", "sc", "previous").order_by("trade_date", "version"))


def sums_of(statement_ids: list[int]) -> list[dict[str, Any]]:
    """Return each charge code of some statements with its lines, charges, payments and sum."""
    lines = StatementLine.objects.filter(statement__in=statement_ids).values("charge_code")
    found: Any = lines.annotate(
        lines=Count("pk"),
        charges=Sum("amount", filter=Q(amount__gt=0), default=0),
        payments=Sum("amount", filter=Q(amount__lt=0), default=0),
        total=Sum("amount"),
    ).order_by("charge_code")
    return list(found)


def increments_of(statement_ids: list[int], code: str) -> dict[int, Decimal]:
    """Return what some statements bill of one charge code, by SC."""
    lines = StatementLine.objects.filter(statement__in=statement_ids, charge_code=code)
    found: dict[int, Decimal] = {}
    for sc, amount, previous in lines.values_list("statement__sc", "amount", "previous_amount"):
        found[sc] = found.get(sc, Decimal("0.00")) + amount - (previous or 0)
    return found


def increments_of_resources(
    statement_ids: list[int], resource_ids: set[int]
) -> list[tuple[int, int, Decimal]]:
    """Return (statement, resource, increment) of the lines of some resources in some statements."""
    lines = StatementLine.objects.filter(
        statement__in=statement_ids, resource_id__in=resource_ids
    ).order_by("statement_id", "line_no")
    rows: Any = lines.values_list("statement_id", "resource_id", "amount", "previous_amount")
    return [(s, resource, amount - (previous or 0)) for s, resource, amount, previous in rows]


def increments_by_code(statement_ids: list[int]) -> list[dict[str, Any]]:
    """Return what some statements bill by charge code: increments above and below zero.

    The increment of a line is its amount less that of the version before, kept as whole cents.
    """
    found: dict[str, list[Any]] = {}
    lines = StatementLine.objects.filter(statement__in=statement_ids)
    for code, amount, previous in lines.values_list("charge_code", "amount", "previous_amount"):
        change = amount - (previous or 0)
        row = found.setdefault(code, [Decimal("0.00"), Decimal("0.00")])
        row[0 if change > 0 else 1] += change
    return [
        {"charge_code": code, "charges": up, "payments": down}
        for code, (up, down) in sorted(found.items())
    ]


def sums_by_charge(statement: Statement) -> list[dict[str, Any]]:
    """Return each charge code of a statement: full, previous and what is billed now."""
    rows: Any = statement.lines.values("charge_code").annotate(
        total=Sum("amount"), previous=Sum("previous_amount")
    )
    return [
        row | {"billed": row["total"] - (row["previous"] or 0)}
        for row in rows.order_by("charge_code")
    ]


def line_after(run: Run, line: StatementLine) -> tuple[Statement | None, StatementLine | None]:
    """Return the statement of a line's SC in another run of its day, and the line in it."""
    statement = Statement.objects.filter(run=run, sc_id=line.statement.sc_id).first()
    if statement is None:
        return None, None
    key: dict[str, Any] = {
        name: getattr(line, name)
        for name in ("charge_code", "resource_id", "tac_area_id", "contract_no")
    }
    same = statement.lines.filter(**key)
    return statement, same.first()


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


def published_run(text: str, *, viewer: Viewer) -> Run | None:
    """Return the settlement run a number or a trade date names, None where there is none.

    A trade date names its published run. The ISO may name any sealed version; an SC those that
    were published to it.
    """
    rows = Run.objects.filter(kind=DAILY, version__isnull=False)
    if not viewer.is_iso:
        rows = rows.filter(pk__in=statements(viewer=viewer).order_by().values("run_id"))
    if text.isdecimal() and len(text) < 18:
        return rows.filter(pk=int(text)).first()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return rows.filter(trade_date=day, current__isnull=False).first()


def receipts(*, viewer: Viewer) -> QuerySet[StatementReceipt]:
    """Return the queue of statements: an SC's own; all for the ISO."""
    rows = StatementReceipt.objects.select_related("statement__run", "sc", "opened_by")
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def recipients(*, viewer: Viewer) -> QuerySet[Party]:
    """Return who has statements that a viewer may read, by code."""
    held = statements(viewer=viewer).order_by().values("sc_id")
    return Party.objects.filter(pk__in=held).order_by("code")


def months_with_statements(sc_id: int) -> list[date]:
    """Return the months of trade dates an SC has statements of, the newest first."""
    rows = Statement.objects.filter(sc_id=sc_id)
    return list(rows.dates("trade_date", "month", order="DESC"))
