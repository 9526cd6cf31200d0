"""What every list reads: a screen's rows for a viewer, filtered; and the same rows as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any

import django_filters
import psycopg
import xlsxwriter
from django.contrib.postgres.fields.ranges import DateTimeRangeField
from django.db import connection
from django.db.models import CharField, F, Func, QuerySet, TextField

from apps.accounts.rules import Viewer
from apps.ui.filters import filter_set
from apps.ui.screens import Column, Screen
from apps.ui.tables import table_class

filter_set_of = cache(filter_set)
table_of = cache(table_class)
XLSX_MOST_ROWS = 200_000
NO_FORMULA = r"regexp_replace((%(expressions)s)::text, '^([=@\t\r]|[+-](?![0-9]))', '''\1')"


def filtered(
    screen: Screen, *, viewer: Viewer, query: Mapping[str, Any]
) -> django_filters.FilterSet:
    """Return the filter set over the viewer's rows; ``qs`` holds what passes."""
    return filter_set_of(screen)(data=query, queryset=screen.rows(viewer=viewer))


def chosen_columns(screen: Screen, query: Any) -> list[Column]:
    """Return the columns asked for (``cols=a&cols=b``), the usual ones where none are."""
    asked = query.getlist("cols") if hasattr(query, "getlist") else []
    chosen = [c for c in screen.all_columns if c.path in asked]
    return chosen or [c for c in screen.all_columns if c.shown]


def export_columns(
    screen: Screen, columns: list[Column], *, guard: bool = False
) -> tuple[list[str], list[Any]]:
    """Return headings and SQL expressions: exact decimals for quantities, two ends for ranges.

    ``guard`` puts an apostrophe before texts that a spreadsheet would run as a formula.
    """
    headings: list[str] = []
    expressions: list[Any] = []
    for column in columns:
        quantity = screen.quantity(column.path)
        if quantity is not None:
            sql = f"round((%(expressions)s)::numeric / {quantity.scale}, {quantity.places})"
            expressions.append(Func(F(column.path), template=sql, output_field=TextField()))
            headings.append(screen.label(column))
        elif screen.is_range(column.path):
            instants = isinstance(screen.field(column.path), DateTimeRangeField)
            last = "upper(%(expressions)s)" if instants else "(upper(%(expressions)s) - 1)"
            for end, sql in (("from", "lower(%(expressions)s)"), ("to", last)):
                expressions.append(Func(F(column.path), template=sql, output_field=TextField()))
                headings.append(f"{screen.label(column)} {end}")
        elif guard and isinstance(screen.field(column.path), (CharField, TextField)):
            expressions.append(Func(F(column.path), template=NO_FORMULA, output_field=TextField()))
            headings.append(screen.label(column))
        else:
            expressions.append(F(column.path))
            headings.append(screen.label(column))
    return headings, expressions


def csv_stream(screen: Screen, rows: QuerySet[Any], columns: list[Column]) -> Iterator[bytes]:
    """Yield a CSV file of the rows straight from the database, in constant memory."""
    headings, expressions = export_columns(screen, columns, guard=True)
    yield (",".join(_quoted(h) for h in headings) + "\r\n").encode()
    sql, params = rows.values_list(*expressions).query.sql_with_params()
    connection.ensure_connection()
    raw = connection.connection
    text = psycopg.ClientCursor(raw).mogrify(sql, params)
    with raw.cursor() as cursor, cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)") as copy:
        pending = bytearray()
        for part in copy:
            pending += part
            if len(pending) > 65_536:
                yield bytes(pending)
                pending.clear()
        if pending:
            yield bytes(pending)


def xlsx_bytes(screen: Screen, rows: QuerySet[Any], columns: list[Column]) -> bytes:
    """Return an XLSX file of at most 200,000 rows; numbers as numbers, the rest as text."""
    headings, expressions = export_columns(screen, columns)
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(screen.name[:31])
    bold = book.add_format({"bold": True})
    for index, heading in enumerate(headings):
        sheet.write_string(0, index, heading, bold)
    sheet.freeze_panes(1, 0)
    found = rows.values_list(*expressions)[:XLSX_MOST_ROWS]
    for number, row in enumerate(found.iterator(chunk_size=5_000), start=1):
        for index, value in enumerate(row):
            if isinstance(value, bool) or value is None:
                sheet.write_string(number, index, "" if value is None else str(value).lower())
            elif isinstance(value, int) or type(value).__name__ == "Decimal":
                sheet.write_number(number, index, value)
            else:
                sheet.write_string(number, index, str(value))
    book.close()
    return target.getvalue()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text
