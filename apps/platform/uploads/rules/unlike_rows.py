"""Single rows that are far from what they were or from the rest of their day, and turned signs.

An average hides one wrong hour, and amounts without a sign hide a turned one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from apps.platform.core.violations import Severity, Violation
from apps.platform.core.words import counted
from apps.platform.uploads.rules.plausibility import Limits, Measure, far_apart, told, who_of

MOST_ROWS_NAMED = 3
MOST_WHO_NAMED = 3
MOST_MISSING_NAMED = 10
ROWS_OF_A_DAY = 6  # fewer have no middle that tells
ONE_SIDED = Fraction(9, 10)


def unlike_rows(
    now: pl.DataFrame,
    then: pl.DataFrame | None,
    measure: Measure,
    limits: Limits,
    key: Sequence[str],
    *,
    code: str,
    than: str,
    known: Sequence[Violation] = (),
    signs: bool = True,
) -> list[Violation]:
    """Return a warning for the first rows far from the row of the same key, and one for the rest.

    now, then, than: as for ``unlike``. ``key``: the columns that name a row. ``known``: what was
    said of whole days; rows of these are not named again. A row that was zero tells nothing, one
    that became zero does; so does, where ``signs``, one whose sign turned.
    """
    on = [c for c in dict.fromkeys([*measure.by, *key]) if c != measure.value]
    if not key or then is None or then.is_empty():
        return []
    if not set(on) <= set(now.columns) & set(then.columns):
        return []
    value, was = measure.value, f"{measure.value}_then"
    pairs = (
        now.filter(pl.col("line_no").is_not_null() & pl.col(value).is_not_null())
        .select("line_no", *on, value)
        .join(
            then.filter(pl.col(value) != 0).select(*on, pl.col(value).alias(was)),
            on=on,
            nulls_equal=True,
        )
        .filter((pl.col(value) - pl.col(was)).abs() >= _least(limits, measure))
    )
    other_sign = pl.col(value).sign() == -pl.col(was).sign()
    apart = pairs.filter(far_apart(value, was, limits) | (pl.lit(signs) & other_sign))
    apart = _not_known(apart, now, measure, known)
    return _rows_told(apart, measure, code, f"the {{}} of the same row in {than}", was)


def unlike_the_day(
    now: pl.DataFrame,
    measure: Measure,
    limits: Limits,
    *,
    code: str,
) -> list[Violation]:
    """Return a warning for the first rows far above the middle of their own day, and for the rest.

    The middle is the median of amounts that are not zero, of one that has at least six of them.
    """
    value, was = measure.value, f"{measure.value}_then"
    held = now.filter(pl.col(value).is_not_null())
    middle = (
        held.filter(pl.col(value) != 0)
        .group_by(list(measure.by))
        .agg(
            pl.col(value).abs().sort().get(pl.len() // 2).alias(was),
            pl.len().alias("__rows"),
        )
        .filter(pl.col("__rows") >= ROWS_OF_A_DAY)
    )
    apart = (
        held.filter(pl.col("line_no").is_not_null())
        .join(middle, on=list(measure.by), nulls_equal=True)
        .filter(
            (pl.col(value).abs() - pl.col(was) >= _least(limits, measure))
            & far_apart(value, was, limits)
        )
    )
    return _rows_told(apart, measure, code, "the {} in the middle of its day", was)


def turned(
    now: pl.DataFrame,
    then: pl.DataFrame | None,
    measure: Measure,
    limits: Limits,
    *,
    code: str,
    than: str,
) -> list[Violation]:
    """Return one warning where the sign of nearly all amounts of somebody is the other than before.

    Nearly all: nine tenths of the amounts, then and now. It names the first and counts the rest.
    """
    if then is None or now.is_empty() or then.is_empty():
        return []
    by = list(measure.by)
    pairs = (
        _signed(now, measure)
        .join(_signed(then, measure), on=by, suffix="_then", nulls_equal=True)
        .filter(pl.col("line_no").is_not_null())
        .sort("line_no")
    )
    found = []
    for row in pairs.iter_rows(named=True):
        if not row["amount"] or not row["amount_then"]:
            continue
        one, other = (
            Fraction(row["signed"], row["amount"]),
            Fraction(row["signed_then"], row["amount_then"]),
        )
        apart = Fraction(row["signed"], row["rows"]) - Fraction(
            row["signed_then"], row["rows_then"]
        )
        if (
            min(abs(one), abs(other)) >= ONE_SIDED
            and one * other < 0
            and abs(apart) >= _least(limits, measure)
        ):
            found.append((row["line_no"], who_of(row, measure)))
    if not found:
        return []
    names = "; ".join(who for _, who in found[:MOST_WHO_NAMED])
    rest = len(found) - MOST_WHO_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return [
        Violation(
            code,
            f"the sign is the other than in {than}: of {names}{more}. Is the column written with "
            "the sign turned?",
            found[0][0],
            measure.header,
            Severity.WARNING,
        )
    ]


def emptied(
    now: pl.DataFrame, then: pl.DataFrame | None, measure: Measure, *, code: str, than: str
) -> list[Violation]:
    """Return one warning where a whole column is zero now and was not then."""
    amounts = pl.col(measure.value).fill_null(0) != 0
    if then is None or now.is_empty() or not then.filter(amounts).height:
        return []
    if now.filter(amounts).height:
        return []
    line = int(now["line_no"].drop_nulls().min() or 0)  # type: ignore[arg-type]  # polars: of any type
    told_of = f"every row holds zero, and not so in {than}. Is the column left out?"
    return [Violation(code, told_of, line, measure.header, Severity.WARNING)]


def missing(
    now: pl.DataFrame,
    then: pl.DataFrame | None,
    measures: Sequence[Measure],
    *,
    code: str,
    than: str,
) -> list[Violation]:
    """Return one warning of everybody who had an amount then and has no row now.

    Who it is of is the first column of the measures. It names the first and counts the rest.
    """
    if then is None or then.is_empty() or not measures:
        return []
    who = measures[0].by[0]
    had = pl.any_horizontal(pl.col(m.value).fill_null(0) != 0 for m in measures)
    names = then.filter(had).select(who).unique().join(now.select(who).unique(), on=who, how="anti")
    if names.is_empty():
        return []
    found = sorted(names[who].to_list())
    rest = len(found) - MOST_MISSING_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return [
        Violation(
            code,
            f"No row is of {', '.join(found[:MOST_MISSING_NAMED])}{more}, with amounts in {than}. "
            "Settlement counts what is missing as nothing: send it, or say why there is none.",
            0,
            "",
            Severity.WARNING,
        )
    ]


def _signed(frame: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    value = pl.col(measure.value)
    lines = [pl.col("line_no").min()] if "line_no" in frame.columns else []
    return (
        frame.filter(value.is_not_null())
        .group_by(list(measure.by))
        .agg(
            value.sum().alias("signed"),
            value.abs().sum().alias("amount"),
            pl.len().alias("rows"),
            *lines,
        )
    )


def _least(limits: Limits, measure: Measure) -> int:
    return int((limits.least * measure.unit.scale).to_integral_value())


def _not_known(
    apart: pl.DataFrame, now: pl.DataFrame, measure: Measure, known: Sequence[Violation]
) -> pl.DataFrame:
    """Return the rows without those of whom a warning said already that all is far apart."""
    said = [v.line for v in known if v.column == measure.header]
    if not said:
        return apart
    by = list(measure.by)
    first = now.filter(pl.col(measure.value).is_not_null()).group_by(by)
    named = first.agg(pl.col("line_no").min()).filter(pl.col("line_no").is_in(said))
    return apart.join(named, on=by, how="anti", nulls_equal=True)


def _rows_told(
    apart: pl.DataFrame,
    measure: Measure,
    code: str,
    beside: str,
    was: str,
) -> list[Violation]:
    apart = apart.sort("line_no")
    found = []
    for row in apart.head(MOST_ROWS_NAMED).iter_rows(named=True):
        what = told(row[measure.value], row[was], measure, beside)
        found.append(
            Violation(
                code,
                f"row {row['line_no']} of {who_of(row, measure)}: {what}",
                row["line_no"],
                measure.header,
                Severity.WARNING,
            )
        )
    rest = apart.slice(MOST_ROWS_NAMED)
    if rest.height:
        line = int(rest["line_no"][0])
        verb = "is" if rest.height == 1 else "are"
        found.append(
            Violation(
                code,
                f"{counted(rest.height, 'more row')} {verb} as far from {beside.format('value')}, "
                f"from row {line} on.",
                line,
                measure.header,
                Severity.WARNING,
            )
        )
    return found
