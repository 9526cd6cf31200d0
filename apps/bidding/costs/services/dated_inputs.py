"""What the costs of days read that is no whole dataset: of one day, or of many in one reading."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.db.models import Min

from apps.bidding.costs.codes import (
    ALLOWANCE_FILES,
    COMMITMENT_INPUTS,
    FUEL_FILES,
    FUEL_REGIONS,
    RATE_FILES,
)
from apps.bidding.costs.models import (
    AllowancePrice,
    CostAdder,
    CostRate,
    FuelPrice,
    FuelRegion,
    RegionScalar,
)
from apps.bidding.costs.rules import is_gas_index
from apps.bidding.costs.rules.published_curves import index_of
from apps.bidding.costs.services.inputs import current_versions, version_of
from apps.platform.core.datasets import Dataset
from apps.platform.runs.hooks import DatedInput
from apps.platform.runs.rules import fingerprint
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import holds_on
from apps.reference.masterfile.codes import RECORDS
from apps.reliability.designations.selectors import vintages_over


def terms_of(day: date, known_at: datetime) -> list[DatedInput]:
    """Return what a day's costs read that is no whole dataset, with fingerprints."""
    ((_, found),) = terms_over([day], known_at)
    return found


def terms_over(days: Iterable[date], known_at: datetime) -> Iterator[tuple[date, list[DatedInput]]]:
    """Return ``terms_of`` of each of some days, in their order and in one reading of all tables.

    The number of queries does not depend on that of the days, but for days on which RMR contracts
    change.
    """
    listed = sorted(set(days))
    if not listed:
        return
    read = _read(listed[0], listed[-1], known_at)
    contracts = vintages_over(listed, known_at)
    for day in listed:
        yield day, read.on(day, sorted(contracts[day].items()))


@dataclass(frozen=True)
class Series:
    """Rows that hold from a day on until the next of their key, oldest first, the last one wins."""

    days: list[date]
    rows: list[tuple[Any, ...]]

    def on(self, day: date) -> tuple[Any, ...] | None:
        """Return the row in force on a day."""
        place = bisect_right(self.days, day)
        return self.rows[place - 1] if place else None


@dataclass(frozen=True)
class DatedRows:
    """Everything that terms are told of, for all days from a first to a last."""

    master_file: Series
    commitment: Series
    fuel: list[Series]
    gas: list[tuple[str, date]]
    hubs: dict[str, str]
    allowance: Series
    rates: list[Series]
    adders: list[tuple[Any, ...]]
    scalars: list[tuple[Any, ...]]

    def on(self, day: date, contracts: list[Any]) -> list[DatedInput]:
        """Return the terms of a day; contracts: vintage and condition of each resource on it."""
        scalars = [row for row in self.scalars if holds_on(row[0], day)]
        hubs = self.hubs | {region: index for _, _, region, index, _ in scalars}
        named = {index for index, first in self.gas if first <= day} | set(hubs.values())
        indexes = sorted(index for index in named if is_gas_index(index))
        rates = [row for series in self.rates if (row := series.on(day))]
        fuel = [row for series in self.fuel if (row := series.on(day))]
        allowance = self.allowance.on(day)
        return [
            _version("Master File", self.master_file.on(day)),
            _version("commitment cost inputs", self.commitment.on(day)),
            _said("fuel prices", fuel),
            DatedInput("gas indexes", indexes, fingerprint(indexes)),
            _said("allowance price", [allowance] if allowance else []),
            DatedInput(
                "rates",
                [r[0] for r in rates],
                fingerprint(sorted((rate, key or 0, str(usd)) for _, rate, key, usd in rates)),
            ),
            _said("cost adders", [row[1:] for row in self.adders if holds_on(row[0], day)]),
            _said("fuel region scalars", [row[1:] for row in scalars]),
            DatedInput("RMR contracts", [key for key, _ in contracts], fingerprint(contracts)),
        ]


def _version(name: str, row: tuple[Any, ...] | None) -> DatedInput:
    return DatedInput(name, [row[0]] if row else [], row[1] if row else "")


def _said(name: str, rows: list[tuple[Any, ...]]) -> DatedInput:
    return DatedInput(
        name, [r[0] for r in rows], fingerprint([list(map(str, r[1:])) for r in rows])
    )


def _read(first: date, last: date, known_at: datetime) -> DatedRows:
    fuel = FuelPrice.objects.filter(
        price_date__lte=last, dataset_version_id__in=current_versions(known_at, *FUEL_FILES)
    )
    region = version_of(FUEL_REGIONS.name, known_at)
    hubs = FuelRegion.objects.filter(dataset_version=region, hub__isnull=False)
    allowance = AllowancePrice.objects.filter(
        price_date__lte=last, dataset_version_id__in=current_versions(known_at, *ALLOWANCE_FILES)
    )
    rates = CostRate.objects.filter(
        effective_date__lte=last, dataset_version_id__in=current_versions(known_at, *RATE_FILES)
    )
    within = {"valid__overlap": (first, last.fromordinal(last.toordinal() + 1))}
    adders = CostAdder.objects.filter(known__contains=known_at, **within)
    scalars = RegionScalar.objects.filter(known__contains=known_at, **within)
    return DatedRows(
        master_file=_versions(RECORDS, last, known_at),
        commitment=_versions(COMMITMENT_INPUTS, last, known_at),
        fuel=_series(
            fuel.order_by("index", "price_date", "dataset_version_id"),
            ("index",),
            ("price_date", "price"),
            first,
        ),
        gas=list(fuel.order_by().values_list("index").annotate(first=Min("price_date"))),
        hubs={name: index_of(hub or "") for name, hub in hubs.values_list("region", "hub")},
        allowance=_only(
            _series(
                allowance.order_by("price_date", "dataset_version_id"),
                (),
                ("price_date", "price"),
                first,
            )
        ),
        rates=_series(
            rates.order_by("rate", "resource_id", "effective_date", "dataset_version_id"),
            ("rate", "resource_id"),
            ("amount",),
            first,
            "effective_date",
        ),
        adders=list(
            adders.order_by("pk").values_list(
                "valid", "pk", "resource__code", "kind", "config", "to_config", "amount"
            )
        ),
        scalars=list(
            scalars.order_by("region").values_list("valid", "pk", "region", "index", "volatility")
        ),
    )


def _series(
    rows: Any,
    key: tuple[str, ...],
    values: tuple[str, ...],
    first: date,
    since: str = "price_date",
) -> list[Series]:
    """Return a series for each key, in the order of the rows: what holds on a first day, and later.

    rows: ordered by key, day and version. What ended before the first day is left out.
    """
    found: dict[tuple[Any, ...], Series] = {}
    for row in rows.values_list(since, "pk", *key, *values).iterator():
        series = found.setdefault(row[2 : 2 + len(key)], Series([], []))
        if series.days and row[0] <= first:
            series.days[-1:], series.rows[-1:] = [], []
        series.days.append(row[0])
        series.rows.append(row[1:])
    return list(found.values())


def _only(found: list[Series]) -> Series:
    return found[0] if found else Series([], [])


def _versions(dataset: Dataset, last: date, known_at: datetime) -> Series:
    """Return the newest version of each day of a dataset that holds from days on."""
    rows = DatasetVersion.objects.filter(
        dataset=dataset.name, period__lte=last.isoformat(), known_from__lte=known_at
    )
    newest = rows.order_by("period", "-version").distinct("period")
    listed = sorted(
        (date.fromisoformat(period), key, words)
        for period, key, words in newest.values_list("period", "pk", "content_hash")
    )
    return Series(list(map(itemgetter(0), listed)), [row[1:] for row in listed])
