"""The days on which prices and rates of a file hold: until the next of the series."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Min, Model

from apps.bidding.costs.codes import ALLOWANCE_FILES, FUEL_FILES, RATE_FILES
from apps.bidding.costs.models import AllowancePrice, CostRate, FuelPrice
from apps.bidding.costs.services.inputs import current_versions
from apps.platform.core.datasets import Dataset
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, Span
from apps.platform.uploads.models import DatasetVersion

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


@implements("BRQ-0065", "BRQ-1206", source="RA rule book 3.2")
def reach_of_prices(version: DatasetVersion) -> Span:
    """Return the days on which rows of a version hold, or those whose place it took.

    Each ends where the next of its series begins, in any file on file; without a next one it holds
    on. Four queries.
    """
    model, since, key, datasets = SERIES[version.dataset]
    day: date = version.valid.lower
    rows: Any = model._default_manager
    of_period = DatasetVersion.objects.filter(
        dataset=version.dataset, period=version.period, version__lte=version.version
    ).order_by("-version")[:2]
    named = rows.filter(dataset_version_id__in=[v.pk for v in of_period])
    keys = set(named.order_by().values_list(*key, named=False).distinct()) if key else {()}
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
