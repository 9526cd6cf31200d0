"""The days on which rows of a file hold: of prices and rates until the next of the series."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Min, Model

from apps.bidding.costs.codes import ALLOWANCE_FILES, FUEL_FILES, RATE_FILES
from apps.bidding.costs.layouts import PUBLISHED_INDICES
from apps.bidding.costs.models import AllowancePrice, CostRate, FuelPrice
from apps.bidding.costs.services.inputs import current_versions
from apps.platform.core.datasets import Dataset
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, Span
from apps.platform.uploads.hooks import Reaching
from apps.platform.uploads.models import DatasetVersion
from apps.reference.resources.selectors import resource_ids

SERIES: dict[str, tuple[type[Model], str, tuple[str, ...], tuple[Dataset, ...]]] = {
    dataset.name: row
    for row in (
        (FuelPrice, "price_date", ("index",), FUEL_FILES),
        (AllowancePrice, "price_date", (), ALLOWANCE_FILES),
        (CostRate, "effective_date", ("rate", "resource_id"), RATE_FILES),
    )
    for dataset in row[3]
}
"""By dataset: its rows, their day, what names a series, and the files that share the series."""

Kept = dict[str, list[list[Any]]]
"""What names the series of a file's rows, by the day of a row."""


@implements("BRQ-0065", "BRQ-1206", source="RA rule book 3.2")
def reach_of_prices(asked: Reaching) -> Span:
    """Return the days on which rows of a period hold, or those whose place they take.

    Each ends where the next of its series begins, in any file on file; without a next one it holds
    on. Four queries.
    """
    model, since, key, datasets = SERIES[asked.dataset]
    day = date.fromisoformat(asked.period)
    rows: Any = model._default_manager
    of_period = DatasetVersion.objects.filter(dataset=asked.dataset, period=asked.period)
    if asked.version is not None:
        of_period = of_period.filter(version__lte=asked.version.version)
    newest = of_period.order_by("-version")[: 1 if asked.version is None else 2]
    named = rows.filter(dataset_version_id__in=[v.pk for v in newest])
    keys = set(named.order_by().values_list(*key, named=False).distinct()) if key else {()}
    keys |= _waiting(asked, key)
    later = rows.filter(
        **{f"{since}__gt": day},
        dataset_version_id__in=current_versions(FAR_MOMENT, *datasets),
    ).order_by()
    if key:
        firsts = later.values_list(*key).annotate(first=Min(since))
        nexts = {row[:-1]: row[-1] for row in firsts}
    else:
        first = later.aggregate(first=Min(since))["first"]
        nexts = {(): first} if first else {}
    ends = [nexts.get(one, FAR_FUTURE) for one in keys]
    return Span(day, max(ends, default=FAR_FUTURE))


def _waiting(asked: Reaching, key: tuple[str, ...]) -> set[tuple[Any, ...]]:
    """Return the series that a waiting file's rows of a day are of, as the table names them."""
    told = (asked.kept or {}).get(asked.period, []) if key else []
    if "resource_id" not in key:
        return {tuple(one) for one in told}
    keys = resource_ids({unit for _, unit in told if unit})
    return {(rate, keys.get(unit)) for rate, unit in told}


def gas_kept(frame: pl.DataFrame) -> Kept:
    """Keep of a waiting file which published indexes have a price, by day."""
    names = [n.lower() for n in PUBLISHED_INDICES]
    return _by_day(
        (row["price_date"], [[n.upper()] for n in names if row[n] is not None])
        for row in frame.iter_rows(named=True)
    )


def series_kept(day: str, *names: str) -> Callable[[pl.DataFrame], Kept]:
    """Return what keeps of a waiting file the names of its series by day, in capitals."""

    def keeps(frame: pl.DataFrame) -> Kept:
        return _by_day(
            (row[day], [[(row[n] or "").upper() for n in names]])
            for row in frame.iter_rows(named=True)
        )

    return keeps


def _by_day(rows: Iterable[tuple[date, list[list[Any]]]]) -> Kept:
    found: Kept = {}
    for day, keys in rows:
        kept = found.setdefault(str(day), [])
        kept += [key for key in keys if key not in kept]
    return found
