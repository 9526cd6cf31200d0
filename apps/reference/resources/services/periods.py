"""Which period a row belongs to, which days a period has, and checks every list shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl
from django.db.models import Min

from apps.platform.core.tradetime import FAR_FUTURE, Span
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Reaching
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.rules import MOST_PER_COLUMN, not_all_named
from apps.reference.resources import selectors
from apps.reference.resources.codes import EVER
from apps.reference.resources.rules import KnownIds, shown


def span_ever(period: str) -> Span:
    """The days of a dataset that is not cut into periods."""
    return Span(date(1998, 1, 1))


def span_from_day(period: str) -> Span:
    """The days a list holds from its date on."""
    return Span(date.fromisoformat(period))


def span_of_year(period: str) -> Span:
    """The days of an RA year."""
    return Span(date(int(period), 1, 1), date(int(period) + 1, 1, 1))


def period_ever(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Every row belongs to the one period there is."""
    return pl.Series([EVER] * frame.height, dtype=pl.String)


def period_as_of(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Every row belongs to the date asked for beside the file."""
    return pl.Series([options["as_of"]] * frame.height, dtype=pl.String)


def period_year_option(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Every row belongs to the RA year asked for beside the file."""
    return pl.Series([options["ra_year"]] * frame.height, dtype=pl.String)


def period_ra_year(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Each row belongs to its RA year."""
    return frame["ra_year"].cast(pl.String)


def period_of_month(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Each row belongs to the RA year of its month."""
    return frame["month"].str.slice(0, 4)


def no_check(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Nothing to check beyond the shape."""
    return []


def unknown_codes(
    frame: pl.DataFrame, column: str, header: str, known: Iterable[str], code: str, what: str
) -> list[Violation]:
    """Return a violation for every row whose code is not among the known ones, with what it may
    mean; where they are very many, the first of them and how many there are.
    """
    names = list(known)
    wrong = frame.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(names)).select(
        "line_no", column
    )
    ids, named = KnownIds(names), wrong.head(MOST_PER_COLUMN)
    said = {
        value: f"There is no {what} {shown(value)}.{ids.meaning(value).question}"
        for value in named[column].unique().to_list()
    }
    return [
        *(Violation(code, said[value], line, header, value=value) for line, value in named.rows()),
        *not_all_named(header, wrong.height),
    ]


def misspelled_codes(
    frame: pl.DataFrame, column: str, header: str, known: Iterable[str], code: str, what: str
) -> list[Violation]:
    """Return a violation for every row whose code is a known one written another way.

    For lists that may name what is not on file: a code that resembles no known one is let be.
    """
    names = list(known)
    ids = KnownIds(names)
    found = frame[column].drop_nulls().unique().to_list()
    wrong = [value for value in found if value not in ids and ids.meaning(value).question]
    rows = frame.filter(pl.col(column).is_in(wrong))
    return unknown_codes(rows, column, header, names, code, what)


def owner_of_resource(row: Mapping[str, str]) -> int | None:
    """Return the SC a row's resource is last associated with, as known now."""
    return selectors.last_sc_of(row.get("resource_id", ""))


def reach_of_lists(asked: Reaching) -> Span:
    """Return the days on which a list that holds from a day on is in force: until the next one."""
    day = date.fromisoformat(asked.period)
    days = DatasetVersion.objects.filter(dataset=asked.dataset, valid__startswith__gt=day)
    first = days.aggregate(first=Min("valid__startswith"))["first"]
    return Span(day, first or FAR_FUTURE)


def reach_of_all(asked: Reaching) -> Span:
    """Return every day: the rows of a file that replaces all there is hold on each."""
    return Span(date(1998, 1, 1))
