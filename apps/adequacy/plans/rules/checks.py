"""Checks of a plan, whole columns at a time."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from apps.platform.core.effective import parameter
from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span, is_plausible, month_span
from apps.platform.core.violations import Severity, Violation

PLAN_DUE_DAYS = parameter("plans.due_days")


def period_days(horizon: str, period: str) -> Span | None:
    """Return the days of a period written 2024 or 2024-09 as its horizon asks, or None."""
    if horizon == "ANNUAL" and re.fullmatch(r"\d{4}", period):
        year = int(period)
        if is_plausible(date(max(year, 1), 1, 1)):
            return Span(date(year, 1, 1), date(year + 1, 1, 1))
    if horizon == "MONTHLY" and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        named, month = period.split("-")
        if is_plausible(date(max(int(named), 1), 1, 1)):
            return month_span(int(named), int(month))
    return None


def plan_frame(frame: pl.DataFrame, plan_type: str, part: str, lse: str) -> pl.DataFrame:
    """Return the rows of any layout with the same columns.

    Of an RA plan, whose rows carry both parts, those of the part: generic ones with system or
    local MW, flexible ones with committed flexible MW.
    """
    if plan_type == "SUPPLY_PLAN":
        if part == "FLEX":
            return frame.with_columns(local_mw=pl.lit(0), system_mw=pl.lit(0))
        return frame.with_columns(category=pl.lit(None, dtype=pl.Int64))
    local, system = pl.col("local_mw"), pl.col("system_mw")
    named = frame.with_columns(lse=pl.lit(lse))
    if part == "FLEX":
        return named.filter(pl.col("flex_mw") > 0).with_columns(
            mw=pl.col("flex_mw"), local_mw=pl.lit(0), system_mw=pl.lit(0)
        )
    return named.with_columns(
        local_mw=local,
        system_mw=system,
        mw=local + system,
        category=pl.lit(None, dtype=pl.Int64),
    ).filter(pl.col("mw") > 0)


def shown_nowhere(frame: pl.DataFrame, plan_type: str) -> list[Violation]:
    """Return a warning for each row of an RA plan that shows no MW in any part: it counts nowhere.

    frame: typed rows; a blank cell of MW is 0, as the layout says.
    """
    if plan_type != "RA_PLAN":
        return []
    parts = ("system_mw", "local_mw", "flex_mw")
    none = frame.filter(pl.all_horizontal(pl.col(p) == 0 for p in parts))
    return [
        Violation(
            "PLAN-W-NONE",
            f"{name} shows no MW: System RA, Local RA and Committed Flexible RA are 0 or blank. "
            "The row is left out.",
            line,
            "System RA",
            Severity.WARNING,
        )
        for line, name in none.select("line_no", "resource_id").iter_rows()
    ]


def plan_shape(frame: pl.DataFrame, span: Span, part: str) -> list[Violation]:
    """Return what is wrong with rows by themselves: days outside the period, sums, categories."""
    found = []
    outside = frame.filter((pl.col("first_date") < span.first) | (pl.col("last_date") > span.last))[
        "line_no"
    ]
    found += [
        Violation(
            "PLAN-PERIOD",
            f"The row's days do not lie in the plan's period, {span.first} to {span.last}.",
            line,
            "Start Date",
        )
        for line in outside
    ]
    found += [
        Violation("PLAN-PERIOD", "The row ends before it starts.", line, "End Date")
        for line in frame.filter(pl.col("last_date") < pl.col("first_date"))["line_no"]
    ]
    found += [
        Violation("PLAN-TOTAL", "The row shows no megawatts.", line)
        for line in frame.filter(pl.col("mw") <= 0)["line_no"]
    ]
    if part == "GENERIC":
        odd = frame.filter(pl.col("local_mw") + pl.col("system_mw") != pl.col("mw"))
        found += [
            Violation(
                "PLAN-TOTAL",
                "Total RA MW is not Local RA MW plus System RA MW.",
                line,
                "Total RA MW",
            )
            for line in odd["line_no"]
        ]
    else:
        found += [
            Violation("PLAN-CAT", "A flexible row names its category.", line, "Category")
            for line in frame.filter(pl.col("category").is_null())["line_no"]
        ]
    return found


@implements("BRQ-0119", source="BRS 1.2 section 6.2.1")
def refuse_rmr(frame: pl.DataFrame, rmr: pl.DataFrame) -> list[Violation]:
    """Return a violation for each row whose resource is RMR, of either vintage, on any of its days.

    frame: ``line_no``, ``resource_id``, ``first_date``, ``last_date``. rmr: ``resource_id``,
    ``from``, ``to`` (inclusive) and ``words``, what makes it RMR then, the first of which is told.
    """
    hit = frame.join(rmr, on="resource_id", maintain_order="left_right").filter(
        (pl.col("from") <= pl.col("last_date")) & (pl.col("to") >= pl.col("first_date"))
    )
    rows = hit.sort("line_no", "from", maintain_order=True).unique(
        "line_no", keep="first", maintain_order=True
    )
    return [
        Violation(
            "RMR-E-0119",
            f"Row {line}: {name} {words}; RMR capacity is not shown in plans.",
            line,
            "Resource ID",
            value=name,
        )
        for line, name, words in rows.select("line_no", "resource_id", "words").iter_rows()
    ]


def too_much(frame: pl.DataFrame, capacity: pl.DataFrame, part: str) -> list[Violation]:
    """Return violations for resources that show more than their NQC (flexible: EFC) on a day.

    capacity: ``resource_id``, ``ra_month`` (first day of each month), ``limit`` in stored steps,
    null where none is on file, and for FLEX ``category``. Days compared are the first days of rows
    and months; between them nothing changes.
    """
    name, code = ("EFC", "PLAN-EFC") if part == "FLEX" else ("NQC", "PLAN-NQC")
    starts = frame.select("resource_id", day="first_date")
    months = capacity.select("resource_id", day="ra_month")
    days = pl.concat([starts, months]).unique()
    shown = (
        frame.join(days, on="resource_id")
        .filter((pl.col("first_date") <= pl.col("day")) & (pl.col("last_date") >= pl.col("day")))
        .with_columns(ra_month=pl.col("day").dt.truncate("1mo"))
        .join(capacity, on=["resource_id", "ra_month"], how="left", suffix="_on_file")
        .with_columns(total=pl.col("mw").sum().over("resource_id", "day"))
    )
    over = shown.filter(pl.col("total") > pl.col("limit")).sort("line_no", "day")
    found = [
        Violation(
            code,
            f"{resource} shows {MW.text(MW.from_scaled(total))} MW on {day}, above its "
            f"{name} of {MW.text(MW.from_scaled(limit))} MW.",
            line,
        )
        for line, resource, total, limit, day in over.unique(
            "line_no", keep="first", maintain_order=True
        )
        .select("line_no", "resource_id", "total", "limit", "day")
        .iter_rows()
    ]
    none = shown.filter(pl.col("limit").is_null()).unique("line_no", keep="first")
    found += [
        Violation(
            f"PLAN-W-{name}",
            f"No {name} of {resource} is on file to check against.",
            line,
            severity=Severity.WARNING,
        )
        for line, resource in none.sort("line_no").select("line_no", "resource_id").iter_rows()
    ]
    if part == "FLEX":
        higher = shown.filter(pl.col("category") < pl.col("category_on_file"))
        found += [
            Violation(
                "PLAN-CAT",
                f"The EFC list says category {told}; category {said} is higher.",
                line,
                "Category",
            )
            for line, said, told in higher.unique("line_no", keep="first")
            .sort("line_no")
            .select("line_no", "category", "category_on_file")
            .iter_rows()
        ]
    return found
