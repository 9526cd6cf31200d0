"""What every list reads: a screen's rows for a viewer, filtered; and the same rows as a stream."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import django_filters
import polars as pl
import psycopg
import xlsxwriter
from django.contrib.postgres.fields.ranges import DateTimeRangeField
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField, CharField, DateField, F, Func, Q, QuerySet, TextField
from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.core.spreadsheet_text import FORMULA_PATTERN
from apps.platform.ui.filters import WAITING, filter_set
from apps.platform.ui.hooks import MENU
from apps.platform.ui.models import SavedView
from apps.platform.ui.screens import SCREENS, Column, Screen
from apps.platform.ui.tables import DASH, table_class, write
from apps.platform.ui.workflow import WORKFLOWS

filter_set_of = cache(filter_set)
table_of = cache(table_class)
XLSX_SHEET_ROWS = 1_000_000
NO_FORMULA = f"regexp_replace((%(expressions)s)::text, '{FORMULA_PATTERN}', '''\\1')"
YES_OR_NO = "CASE %(expressions)s WHEN true THEN 'yes' WHEN false THEN 'no' END"


def filtered(
    screen: Screen, *, viewer: Viewer, query: Mapping[str, Any]
) -> django_filters.FilterSet:
    """Return the filter set over the viewer's rows; ``qs`` holds what passes."""
    found = filter_set_of(screen)(data=query, queryset=screen.rows(viewer=viewer))
    found.viewer = viewer
    return found


def may_open(name: str, viewer: Viewer) -> bool:
    """Whether a viewer's roles include a page, by the name of its address.

    A list, a form that opens a case and a page of the menu say whom they are for. Of other pages
    the ISO's people may be shown the way to all, others to none.
    """
    screen = SCREENS.get(name)
    if screen is not None:
        return screen.visible_to(viewer)
    desk = WORKFLOWS.get(name.removesuffix("-new"))
    if desk is not None and desk.opening is not None and name.endswith("-new"):
        return viewer.may(desk.opening.roles)
    items = [i for i in MENU if name == i.name or name in i.pages]
    if not items:
        return viewer.is_iso
    return any(not i.roles or viewer.may(i.roles) for i in items)


def waiting_in(screen: Screen, viewer: Viewer, **more: str) -> tuple[int, str]:
    """Return how many rows of a list wait for a viewer, and the address of the list of them.

    more: further filters of the list, by name.
    """
    query = {WAITING: "you", **more}
    found = filtered(screen, viewer=viewer, query=query).qs.count()
    return found, reverse(screen.name, query=query)


def chosen_columns(screen: Screen, query: Any) -> list[Column]:
    """Return the columns asked for, in that order (``cols=b&cols=a``), else the usual ones."""
    asked = query.getlist("cols") if hasattr(query, "getlist") else []
    by_path = {c.path: c for c in screen.all_columns}
    chosen = [by_path[path] for path in dict.fromkeys(asked) if path in by_path]
    return chosen or [c for c in screen.all_columns if c.shown]


def views_of(screen: Screen, viewer: Viewer) -> QuerySet[SavedView]:
    """Return the views of a list a person may use: their own, and those shared at their party."""
    if viewer.user_id is None:
        return SavedView.objects.none()
    shared = Q(shared=True, owner__party_id=viewer.party_id)
    rows = SavedView.objects.filter(screen=screen.name).select_related("owner")
    return rows.filter(Q(owner_id=viewer.user_id) | shared)


def lists_about(viewer: Viewer, path: str, value: str) -> list[tuple[str, str]]:
    """Return title and address of the lists a viewer may see, narrowed to one value of a field."""
    found = []
    for screen in SCREENS:
        if path in screen.filters and screen.visible_to(viewer):
            whole = isinstance(screen.field(path), DateField)
            keys = (f"{path}_from", f"{path}_to") if whole else (path,)
            found.append((screen.title, reverse(screen.name, query=dict.fromkeys(keys, value))))
    return sorted(found)


@dataclass(frozen=True)
class Hit:
    """One row found by a search of the whole product."""

    text: str
    detail: str
    address: str


def search_all(
    *, viewer: Viewer, words: str, most: int = 5
) -> list[tuple[Screen, list[Hit], bool]]:
    """Return what a viewer may see of what was searched for, by list, with whether there is more.

    Each list is asked with its own selector, so a search finds nothing that a list would not show.
    """
    found: list[tuple[Screen, list[Hit], bool]] = []
    for screen in SCREENS:
        if not (screen.search and screen.in_search and screen.visible_to(viewer)):
            continue
        rows = _quickly(filtered(screen, viewer=viewer, query={"q": words}).qs[: most + 1])
        if rows is None:
            found.append((screen, [], True))
        elif rows:
            hits = [_hit(screen, row, words, viewer) for row in rows[:most]]
            found.append((screen, hits, len(rows) > most))
    return found


def _quickly(rows: QuerySet[Any]) -> list[Any] | None:
    """Return rows that are found within a second, or None where that is too short for the list."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = '1s'")
            found = list(rows)
            cursor.execute("set local statement_timeout to default")
            return found
    except OperationalError:
        return None


def _hit(screen: Screen, row: Mapping[str, Any], words: str, viewer: Viewer) -> Hit:
    shown = [c for c in screen.all_columns if c.shown]
    link = next((to for c in shown if (to := c.address(row, viewer))), None)
    texts = [write(row[c.path], screen.quantity(c.path)) for c in shown[:5]]
    address = link or reverse(screen.name, query={"q": words})
    return Hit(texts[0], " · ".join(t for t in texts[1:] if t != DASH), address)


def export_columns(
    screen: Screen, columns: list[Column], *, guard: bool = False
) -> tuple[list[str], list[Any]]:
    """Return headings and SQL expressions: exact decimals for quantities, two ends for ranges.

    ``guard`` is for files of text alone: it puts an apostrophe before texts that a spreadsheet
    would run as a formula, and writes yes and no as pages do.
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
        elif guard and isinstance(screen.field(column.path), BooleanField):
            expressions.append(Func(F(column.path), template=YES_OR_NO, output_field=TextField()))
            headings.append(screen.label(column))
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
    try:
        sql, params = rows.values_list(*expressions).query.sql_with_params()
    except EmptyResultSet:  # what is asked for cannot hold a row, so nothing is asked
        return
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
    """Return an XLSX file; numbers as numbers, the rest as text, a sheet for each million rows."""
    headings, expressions = export_columns(screen, columns)
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    found = rows.values_list(*expressions).iterator(chunk_size=5_000)
    sheet_no = 0
    while sheet_no == 0 or (batch := list(itertools.islice(found, 1))):
        sheet_no += 1
        suffix = f" {sheet_no}" if sheet_no > 1 else ""
        sheet = book.add_worksheet(screen.name[:28] + suffix)
        for index, heading in enumerate(headings):
            sheet.write_string(0, index, heading, bold)
        sheet.freeze_panes(1, 0)
        first = batch if sheet_no > 1 else []
        body = itertools.chain(first, itertools.islice(found, XLSX_SHEET_ROWS - len(first)))
        for number, row in enumerate(body, start=1):
            _write_row(sheet, number, row)
    book.close()
    return target.getvalue()


def _write_row(sheet: Any, number: int, row: Sequence[Any]) -> None:
    for index, value in enumerate(row):
        if isinstance(value, bool) or value is None:
            sheet.write_string(number, index, "" if value is None else write(value))
        elif isinstance(value, (int, Decimal)):
            sheet.write_number(number, index, value)
        else:
            sheet.write_string(number, index, str(value))


def parquet_bytes(screen: Screen, rows: QuerySet[Any], columns: list[Column]) -> bytes:
    """Return a Parquet file of the rows: exact decimals, dates and instants as what they are."""
    headings, expressions = export_columns(screen, columns)
    schema: dict[str, Any] = {}
    for column in columns:
        label, quantity = screen.label(column), screen.quantity(column.path)
        if screen.is_range(column.path):
            schema |= {f"{label} {end}": pl.String for end in ("from", "to")}
        elif quantity is not None:
            schema[label] = pl.Decimal(38, quantity.places)
        else:
            schema[label] = PARQUET.get(screen.field(column.path).get_internal_type(), pl.String)
    texts = {h: kind == pl.String for h, kind in schema.items()}
    parts = []
    found = rows.values_list(*expressions).iterator(chunk_size=50_000)
    while batch := list(itertools.islice(found, 50_000)):
        values = dict(zip(headings, zip(*batch, strict=True), strict=True))
        parts.append(
            pl.DataFrame(
                {
                    h: pl.Series(
                        h,
                        [None if v is None else str(v) if texts[h] else v for v in vs],
                        dtype=schema[h],
                        strict=False,
                    )
                    for h, vs in values.items()
                }
            )
        )
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    target = BytesIO()
    frame.write_parquet(target, compression="zstd")
    return target.getvalue()


PARQUET = {
    "IntegerField": pl.Int64,
    "BigIntegerField": pl.Int64,
    "PositiveIntegerField": pl.Int64,
    "PositiveSmallIntegerField": pl.Int64,
    "BigAutoField": pl.Int64,
    "AutoField": pl.Int64,
    "BooleanField": pl.Boolean,
    "DateField": pl.Date,
    "DateTimeField": pl.Datetime("us", "UTC"),
}


@dataclass(frozen=True)
class Export:
    """One form of export: what browsers call it, and its bytes piece by piece."""

    media_type: str
    chunks: Callable[[Screen, QuerySet[Any], list[Column]], Iterator[bytes]]


EXPORTS = {
    "csv": Export("text/csv", csv_stream),
    "xlsx": Export(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda screen, rows, columns: iter([xlsx_bytes(screen, rows, columns)]),
    ),
    "parquet": Export(
        "application/vnd.apache.parquet",
        lambda screen, rows, columns: iter([parquet_bytes(screen, rows, columns)]),
    ),
}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text
