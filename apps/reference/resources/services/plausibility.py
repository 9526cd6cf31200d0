"""Checks of plausibility that kinds of files declare, each in one line, with dated thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import polars as pl

from apps.platform.core.effective import Parameter
from apps.platform.core.layouts import FieldType, FileLayout
from apps.platform.core.quantity import COST, MW, MWH, USD, USD_PER_MWH
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.core.violations import Violation
from apps.platform.parameters.selectors import value_on
from apps.platform.uploads.hooks import Judged, PlausibilityCheck
from apps.platform.uploads.rules import (
    Limits,
    Measure,
    beyond,
    emptied,
    missing,
    turned,
    unlike,
    unlike_rows,
    unlike_the_day,
)
from apps.platform.uploads.selectors import current_version, last_period
from apps.reference.resources import selectors
from apps.reference.resources.rules.parameters import (
    CAPACITY_FACTOR,
    CAPACITY_LEAST,
    COST_FACTOR,
    COST_LEAST,
    ENERGY_FACTOR,
    ENERGY_LEAST,
    INPUT_FACTOR,
    INPUT_LEAST,
    PMAX_FACTOR,
    PRICE_FACTOR,
    PRICE_LEAST,
)

WEEK = timedelta(days=7)
Current = Callable[[str], pl.DataFrame | None]


@dataclass(frozen=True)
class Far:
    """The parameters that say how far apart is too far."""

    factor: Parameter
    least: Parameter

    def on(self, day: date) -> Limits:
        """Return the thresholds in force on a day."""
        return Limits(value_on(self.factor, day), value_on(self.least, day))


def unlike_before(measure: Measure, far: Far, *, zero_tells: bool = True) -> PlausibilityCheck:
    """Compare with the version in force: averages, single rows, and the sign of a column."""

    def said(given: Judged) -> list[Violation]:
        if given.before is None or given.before.is_empty():
            return []
        version = current_version(given.dataset.name, given.period)
        than = f"version {version.version}" if version else "what is on file"
        limits = far.on(given.day)
        found = unlike(
            given.whole,
            given.before,
            measure,
            limits,
            code="PL-BEFORE",
            than=than,
            zero_tells=zero_tells,
        )
        key = given.layout.key if given.layout.unique else ()
        signs = turned(given.frame, given.before, measure, limits, code="PL-BEFORE", than=than)
        return [
            *found,
            *unlike_rows(
                given.frame,
                given.before,
                measure,
                limits,
                key,
                code="PL-BEFORE",
                than=than,
                known=found,
                signs=not signs,
            ),
            *signs,
        ]

    return PlausibilityCheck("PL-BEFORE", "Unlike the version before", said)


def unlike_last_week(
    current: Current, *pairs: tuple[Measure, Far], all_stand: bool = False, zero_tells: bool = True
) -> PlausibilityCheck:
    """Compare a trade date with the same day a week before, where that is on file.

    current: reads what is in force of a trade date. ``all_stand``: whoever had amounts then is
    missed where there is no row now. All zeros then tell nothing. All zeros now do: those of
    each, or without ``zero_tells`` those of a whole column.
    """

    def said(given: Judged) -> list[Violation]:
        before = given.day - WEEK
        then = current(before.isoformat())
        than = f"{before}, a week before"
        found = []
        for measure, far in pairs:
            limits = far.on(given.day)
            found += unlike(
                given.whole,
                then,
                measure,
                limits,
                code="PL-WEEK",
                than=than,
                zero_tells=zero_tells,
                from_zero=False,
            )
            if not zero_tells:
                found += emptied(given.whole, then, measure, code="PL-WEEK", than=than)
            found += turned(given.frame, then, measure, limits, code="PL-WEEK", than=than)
        if all_stand:
            measures = [measure for measure, _ in pairs]
            found += missing(given.whole, then, measures, code="PL-WEEK", than=than)
        return found

    return PlausibilityCheck("PL-WEEK", "Unlike the same day last week", said)


def unlike_its_day(measure: Measure, far: Far, only: pl.Expr | None = None) -> PlausibilityCheck:
    """Compare each row with the middle of its day, where the version before has no such row.

    only: which rows, where those of others lie around zero.
    """

    def said(given: Judged) -> list[Violation]:
        rows = given.whole if only is None else given.whole.filter(only)
        key = [c for c in given.layout.key if c in rows.columns]
        if given.before is not None and not given.before.is_empty():
            held = given.before.select(key).with_columns(pl.lit(True).alias("held"))
            rows = rows.join(held.unique(), on=key, how="left", nulls_equal=True).with_columns(
                pl.when(pl.col("held").is_null()).then("line_no").alias("line_no")
            )
        return unlike_the_day(rows, measure, far.on(given.day), code="PL-DAY")

    return PlausibilityCheck("PL-DAY", "Unlike the rest of its day", said)


def above_pmax(measure: Measure, per_hour: int = 1) -> PlausibilityCheck:
    """Compare output or capacity of a resource with its Pmax on file; energy as MW of its time."""

    def said(given: Judged) -> list[Violation]:
        codes = selectors.resource_ids(set(given.frame["resource_id"].unique().to_list()))
        known = selectors.pmax_of(set(codes.values()), given.day, FAR_MOMENT)
        steps = {c: MW.to_scaled(known[k]) for c, k in codes.items() if k in known}
        rows = given.frame.filter(pl.col(measure.value).is_not_null()).with_columns(
            pl.col("resource_id")
            .replace_strict(steps, default=None, return_dtype=pl.Int64)
            .alias("pmax")
        )
        return beyond(
            rows,
            measure,
            bound="pmax",
            factor=value_on(PMAX_FACTOR, given.day),
            code="PL-PMAX",
            what="its Pmax of {} MW" + (", as MW over its time" if per_hour > 1 else ""),
            per_hour=per_hour,
        )

    return PlausibilityCheck("PL-PMAX", "Above Pmax", said)


def above_bound(measure: Measure, most: Parameter, what: str) -> PlausibilityCheck:
    """Compare each value, up or down, with a bound of the day."""

    def said(given: Judged) -> list[Violation]:
        bound = measure.unit.to_scaled(value_on(most, given.day))
        rows = given.frame.with_columns(pl.lit(bound, pl.Int64).alias("bound"))
        return beyond(rows, measure, bound="bound", factor=Decimal(1), code="PL-BOUND", what=what)

    return PlausibilityCheck("PL-BOUND", "Beyond a likely value", said)


def unlike_earlier(measure: Measure, far: Far) -> PlausibilityCheck:
    """Compare with the last period before, where each day of a dataset is a period of its own."""

    def said(given: Judged) -> list[Violation]:
        if not given.period[:1].isdigit():
            return []
        earlier = last_period(given.dataset.name, given.period)
        return unlike(
            given.frame,
            given.current(earlier) if earlier else None,
            measure,
            far.on(given.day),
            code="PL-EARLIER",
            than=f"{earlier}, the last on file before",
            zero_tells=False,
        )

    return PlausibilityCheck("PL-EARLIER", "Unlike the last on file before", said)


CAPACITY = Far(CAPACITY_FACTOR, CAPACITY_LEAST)
ENERGY = Far(ENERGY_FACTOR, ENERGY_LEAST)
PRICE = Far(PRICE_FACTOR, PRICE_LEAST)
COSTS = Far(COST_FACTOR, COST_LEAST)
INPUTS = Far(INPUT_FACTOR, INPUT_LEAST)
OF_MARKETS = {MW: CAPACITY, MWH: ENERGY, USD_PER_MWH: PRICE, COST: COSTS}
OF_COSTS = {MW: CAPACITY, USD: COSTS, COST: COSTS}


def measures_of(
    layout: FileLayout, by: tuple[str, ...], *, without: tuple[str, ...] = ()
) -> list[Measure]:
    """Return a measure for each number of a layout that has a quantity, but for some."""
    return [
        Measure(f.name, f.quantity, f.header, by)
        for f in layout.fields
        if f.type is FieldType.DECIMAL and f.quantity and f.name not in without
    ]


def amount_checks(layout: FileLayout, by: tuple[str, ...] = ()) -> tuple[PlausibilityCheck, ...]:
    """Return the checks of every number of a file of costs: beside before, and beside earlier.

    by: what a number is of; without, the columns of the key that are no dates. Megawatts and
    dollars have thresholds of their own, all others those of inputs.
    """
    whose = by or tuple(n for n in layout.key if layout.field(n).type is not FieldType.DATE)
    return tuple(
        check(m, OF_COSTS.get(m.unit, INPUTS))
        for m in measures_of(layout, whose)
        for check in (partial(unlike_before, zero_tells=False), unlike_earlier)
    )


def capacity_checks(
    value: str, header: str, by: tuple[str, ...] = ("resource_id",), *, pmax: bool = True
) -> tuple[PlausibilityCheck, ...]:
    """Return the checks of a column of megawatts of resources: beside before, and beside Pmax."""
    measure = Measure(value, MW, header, by)
    beside = (above_pmax(measure),) if pmax else ()
    return (unlike_before(measure, CAPACITY, zero_tells=False), *beside)
