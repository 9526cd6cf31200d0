"""Rows that stay in force when a file corrects part of a period: the new version carries them.

A version has every row of its period, so whoever reads a version reads all that is in force. A
carried row keeps its content; its number is that of its own file plus ``carried_above``, by which
its file is found again.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import connection, models
from psycopg import sql

from apps.platform.uploads.hooks import Parts
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import carry_chains


def carry(version: DatasetVersion, parts: Parts) -> None:
    """Copy the rows of parts that a stored version does not name from the one it carries."""
    for model, columns in parts.rows.items():
        _copy(model, columns, version)


def _copy(model: type[Any], columns: tuple[str, ...], version: DatasetVersion) -> None:
    own = {"dataset_version_id", "line_no"}
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    names = [f.column for f in fields if f.column]
    rest = sql.SQL(", ").join(sql.Identifier(n) for n in names if n not in own)
    alike = sql.SQL(" and ").join(
        sql.SQL("new.{0} = old.{0}").format(sql.Identifier(c)) for c in columns
    )
    words = sql.SQL(
        "insert into {table} (dataset_version_id, line_no, {rest}) "
        "select %(new)s, line_no + %(above)s, {rest} from {table} old "
        "where dataset_version_id = %(base)s and not exists (select 1 from {table} new "
        "where new.dataset_version_id = %(new)s and {alike})"
    ).format(table=sql.Identifier(model._meta.db_table), rest=rest, alike=alike)
    given = {"new": version.pk, "base": version.carries_id, "above": version.carried_above}
    with connection.cursor() as cursor:
        cursor.execute(words.as_string(cursor.connection), given)


def origin_of(version: DatasetVersion, line_no: int) -> tuple[DatasetVersion, int]:
    """Return the version whose file holds a row, and the row's number there."""
    if version.carries_id is None or line_no <= (version.carried_above or 0):
        return version, line_no
    for one in carry_chains([version])[version.pk]:
        if one.carries_id is None or line_no <= (one.carried_above or 0):
            return one, line_no
        line_no -= one.carried_above or 0
    raise LookupError(f"{version} has no row {line_no}")


def with_carried(
    own: pl.DataFrame, carried: pl.DataFrame | None, parts: tuple[str, ...], above: int
) -> pl.DataFrame:
    """Return the rows of a file and, of carried ones, those of parts that it does not name."""
    if carried is None or not parts:
        return own
    rest = carried.join(own.select(parts).unique(), on=list(parts), how="anti", nulls_equal=True)
    if "line_no" in rest.columns:
        rest = rest.with_columns(pl.col("line_no") + above)
    return pl.concat([own, rest], how="diagonal_relaxed")
