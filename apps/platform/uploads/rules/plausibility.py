"""Are rows likely to be right? Sums beside other sums, and single values beside a bound.

What is found are warnings, never errors: a person who knows may say that it is right. All sums are
of whole numbers in stored steps, so they are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.quantity import Quantity
from apps.platform.core.violations import Severity, Violation

MOST_NAMED = 50
THOUSAND = 1000
NEAR_THOUSAND = (Fraction(THOUSAND, 2), Fraction(THOUSAND * 2))
SMALLER = {"MWh": "kWh", "MW": "kW", "$/MWh": "$/kWh", "$/MMBtu": "another unit"}


@dataclass(frozen=True)
class Measure:
    """What is looked at: a column in stored steps, its unit, its heading, and who it is of."""

    value: str
    unit: Quantity
    header: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """How far apart is too far: by a factor, and by at least an amount in the unit."""

    factor: Decimal
    least: Decimal


def unlike(
    now: pl.DataFrame,
    then: pl.DataFrame | None,
    measure: Measure,
    limits: Limits,
    *,
    code: str,
    than: str,
    zero_tells: bool = True,
    from_zero: bool = True,
) -> list[Violation]:
    """Return a warning for each whose average amount is far from what it was.

    now, then: rows with the columns of the measure; ``line_no`` of ``now`` is that of the file,
    null for rows that stay in force. Averages are of amounts without their sign, so that a day of
    fewer hours can be compared. ``than``: what ``then`` is. ``zero_tells``: whether all zeros on
    one side only are far apart; ``from_zero``: also where there was nothing before.
    """
    if then is None or now.is_empty() or then.is_empty():
        return []
    pairs = _amounts(now, measure, first=True).join(
        _amounts(then, measure), on=list(measure.by), suffix="_then", nulls_equal=True
    )
    found = []
    for row in pairs.filter(pl.col("line_no").is_not_null()).sort("line_no").iter_rows(named=True):
        one = Fraction(row["amount"], row["rows"])
        other = Fraction(row["amount_then"], row["rows_then"])
        if not _far(one, other, limits, measure.unit, zero_tells and bool(other or from_zero)):
            continue
        found.append(
            Violation(
                code,
                f"{who_of(row, measure)}: {_text(row['amount'], measure.unit)} is "
                f"{times(one, other)} the "
                f"{_text(row['amount_then'], measure.unit)} of {than}{_units(one, other, measure)}",
                row["line_no"],
                measure.header,
                Severity.WARNING,
            )
        )
    return few(found, code)


def beyond(
    now: pl.DataFrame,
    measure: Measure,
    *,
    bound: str,
    factor: Decimal,
    code: str,
    what: str,
    per_hour: int = 1,
) -> list[Violation]:
    """Return a warning for each whose largest amount passes a bound of its own, times a factor.

    bound: the column of ``now`` that holds it, in stored steps of the same scale; null: none known.
    ``per_hour``: how many rows an hour has, where energy is held against megawatts.
    """
    scaled = now.filter(pl.col(bound).is_not_null() & pl.col("line_no").is_not_null())
    over = scaled.filter(
        pl.col(measure.value).abs() * per_hour * 10_000
        > pl.col(bound) * int(factor.scaleb(4).to_integral_value())
    )
    worst = (
        over.sort(pl.col(measure.value).abs(), descending=True, maintain_order=True)
        .group_by(list(measure.by), maintain_order=True)
        .agg(pl.first("line_no", measure.value, bound), pl.len().alias("rows"))
        .sort("line_no")
    )
    found = []
    for row in worst.iter_rows(named=True):
        who = who_of(row, measure)
        one, other = Fraction(abs(row[measure.value]) * per_hour), Fraction(row[bound])
        more = f" ({row['rows']} rows are beyond it)" if row["rows"] > 1 else ""
        found.append(
            Violation(
                code,
                f"{who}: {_text(row[measure.value], measure.unit)} is {times(one, other)} "
                f"{what.format(_number(row[bound], measure.unit))}{more}"
                f"{_units(one, other, measure)}",
                row["line_no"],
                measure.header,
                Severity.WARNING,
            )
        )
    return few(found, code)


def few(found: list[Violation], code: str) -> list[Violation]:
    """Return at most fifty warnings, each acknowledged by itself; the last counts the rest."""
    if len(found) <= MOST_NAMED:
        return found
    rest = found[MOST_NAMED - 1 :]
    said = f"{len(rest)} more are far from what is likely, from row {rest[0].line} on. Check units."
    return [
        *found[: MOST_NAMED - 1],
        Violation(code, said, rest[0].line, rest[0].column, Severity.WARNING),
    ]


def times(one: Fraction, other: Fraction) -> str:
    """Return how many times the other amount one is, as people say it."""
    if not other or not one:
        return "far from"
    ratio = one / other
    if ratio >= 1:
        return f"{float(ratio):,.3g} times" if ratio < THOUSAND else f"{round(ratio):,} times"
    return f"1/{float(1 / ratio):,.3g} of" if 1 / ratio < THOUSAND else f"1/{round(1 / ratio):,} of"


def who_of(row: Mapping[str, Any], measure: Measure) -> str:
    """Return what a row's value is of, such as an SC and a TAC area."""
    return ", ".join(str(row[c]) for c in measure.by if row[c] not in ("", None))


def told(one: int, other: int, measure: Measure, beside: str) -> str:
    """Return how a value, in stored steps, stands beside another; ``beside`` has a place for it."""
    text, place = _text(one, measure.unit), beside.format(_text(other, measure.unit))
    if one * other < 0:
        return f"{text} has the other sign than {place}."
    a, b = Fraction(abs(one)), Fraction(abs(other))
    return f"{text} is {times(a, b)} {place}{_units(a, b, measure)}"


def unlike_amount(now: Decimal, before: Decimal, unit: Quantity, limits: Limits, than: str) -> str:
    """Return how an amount stands beside the one before, where it is too far from it; else ""."""
    one, other = unit.half_up(now), unit.half_up(before)
    if not _far(Fraction(abs(one)), Fraction(abs(other)), limits, unit, True):
        return ""
    return told(one, other, Measure("", unit, "", ()), f"the {{}} {than}")


def far_apart(one: str, other: str, limits: Limits) -> pl.Expr:
    """Whether the amounts of two columns, signs aside, are apart by the factor of the limits."""
    a, b = (pl.col(c).abs().cast(pl.Int128) for c in (one, other))
    ratio = Fraction(limits.factor)
    most, least = pl.max_horizontal(a, b), pl.min_horizontal(a, b)
    return most * ratio.denominator >= least * ratio.numerator


def _amounts(frame: pl.DataFrame, measure: Measure, *, first: bool = False) -> pl.DataFrame:
    kept = frame.filter(pl.col(measure.value).is_not_null())
    lines = [pl.col("line_no").min()] if first else []
    return kept.group_by(list(measure.by)).agg(
        pl.col(measure.value).abs().sum().alias("amount"), pl.len().alias("rows"), *lines
    )


def _far(one: Fraction, other: Fraction, limits: Limits, unit: Quantity, zero_tells: bool) -> bool:
    if abs(one - other) < Fraction(limits.least) * unit.scale:
        return False
    if not one or not other:
        return zero_tells
    ratio = max(one / other, other / one)
    return ratio >= Fraction(limits.factor)


def _units(one: Fraction, other: Fraction, measure: Measure) -> str:
    if not one or not other:
        return "."
    least, most = NEAR_THOUSAND
    small = SMALLER.get(measure.unit.unit, "another unit")
    if least <= one / other <= most:
        return f". That is about a thousand times: is it in {small} instead of {measure.unit.unit}?"
    if least <= other / one <= most:
        return f". That is about a thousandth: is it in thousands of {measure.unit.unit}?"
    return "."


def _number(steps: int, unit: Quantity) -> str:
    return unit.text(unit.from_scaled(int(steps)))


def _text(steps: int, unit: Quantity) -> str:
    return f"{_number(steps, unit)} {unit.unit}"
