"""What a day's costs are calculated from, as known at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.bidding.costs.codes import (
    ALLOWANCE_FILES,
    COMMITMENT_INPUTS,
    FUEL_FILES,
    FUEL_REGIONS,
    RATE_FILES,
)
from apps.bidding.costs.models import (
    AllowancePrice,
    CommitmentInput,
    CostAdder,
    CostRate,
    FuelPrice,
    FuelRegion,
    RegionScalar,
)
from apps.bidding.costs.rules import (
    ALLOWANCE_STALE_AFTER_DAYS,
    STALE_AFTER_DAYS,
    AdderBook,
    FuelKind,
    adder_book,
    fuel_kind,
    is_gas_index,
    opportunity_cost_eligible,
)
from apps.bidding.costs.rules.published_curves import index_of
from apps.platform.core.datasets import Dataset
from apps.platform.core.effective import ParameterSet
from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.masterfile.codes import CONFIGURATIONS, POINTS, TRANSITIONS
from apps.reference.masterfile.selectors import (
    PointRow,
    ResourceOnFile,
    configurations_of,
    points_of,
    resources_on_file,
    transitions_of,
    version_known,
)
from apps.reference.resources.codes import EVER
from apps.reliability.designations.selectors import (
    cutoff_now,
    vintages,
    vintages_on,
)


@dataclass(frozen=True)
class PriceOfDay:
    """A price with its day and whether it is stale."""

    price: Decimal
    day: date
    stale: bool = False


@dataclass
class CostInputs:
    """Everything a day's costs are calculated from."""

    day: date
    resources: dict[int, ResourceOnFile]
    points: list[PointRow]
    configurations: list[Any]
    transitions: list[Any]
    inputs: dict[tuple[int, str, str], Any]
    adders: AdderBook
    regions: dict[str, str]
    fuel: dict[str, PriceOfDay]
    allowance: PriceOfDay | None
    rates: dict[tuple[str, int | None], Decimal]
    vintage: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    gas_indexes: frozenset[str] = frozenset()

    def index_of(self, resource: ResourceOnFile) -> str:
        """Return the fuel index of a resource's region, or blank."""
        return self.regions.get(resource.fuel_region, "")

    def fuel_of(self, resource: ResourceOnFile) -> PriceOfDay | None:
        """Return the fuel price of a resource; gas never prices another fuel."""
        index = self.index_of(resource)
        if fuel_kind(resource.fuel_type) is not FuelKind.GAS and index in self.gas_indexes:
            return None
        return self.fuel.get(index)

    def rate_on_file(self, name: str, resource: int | None = None) -> Decimal | None:
        """Return a rate of a resource, else the common one, else None."""
        own = self.rates.get((name, resource))
        return own if own is not None else self.rates.get((name, None))


def version_of(dataset: str, known_at: datetime) -> DatasetVersion | None:
    """Return the version of an undivided dataset as known at a moment."""
    found = versions_known_at(dataset, known_at, period=EVER)
    return found[0] if found else None


def version_on(dataset: str, day: date, known_at: datetime) -> DatasetVersion | None:
    """Return the version of the last day not after a day, of a dataset that holds from days on."""
    return (
        DatasetVersion.objects.filter(
            dataset=dataset, period__lte=day.isoformat(), known_from__lte=known_at
        )
        .order_by("-period", "-version")
        .first()
    )


def under_contract_from(resource_ids: set[int], day: date) -> set[int]:
    """Return which resources are under an RMR contract on a day or later."""
    return set(vintages(resource_ids, Span(day), cutoff_now()))


def gather(day: date, known_at: datetime, params: ParameterSet) -> CostInputs:
    """Read everything once; parameters say when a price is stale."""
    resources = resources_on_file(version_known(day, known_at))
    commitment = version_on(COMMITMENT_INPUTS.name, day, known_at)
    configurations = configurations_of(version_of(CONFIGURATIONS.name, known_at), day)
    transitions = transitions_of(version_of(TRANSITIONS.name, known_at), day)
    vintage = vintages_on(day, known_at)
    return CostInputs(
        day=day,
        resources=resources,
        points=points_of(version_of(POINTS.name, known_at)),
        configurations=configurations,
        transitions=transitions,
        inputs={
            (i.resource_id, i.config, i.to_config): i
            for i in CommitmentInput.objects.filter(dataset_version=commitment).values_list(
                "resource_id",
                "config",
                "to_config",
                "fuel",
                "power_mwh",
                "min_load_heat_rate",
                "emission",
                "ghg_obligation",
                "startup_basis",
                "min_load_basis",
                named=True,
            )
        },
        adders=adder_book(
            approved_adders(day, known_at),
            configurations,
            transitions,
            oc_excluded(resources, vintage),
        ),
        regions=regions_known(day, known_at),
        fuel=fuel_known(day, known_at, params),
        allowance=allowance_known(day, known_at, params),
        rates=rates_known(day, known_at),
        vintage=vintage,
        gas_indexes=gas_indexes(day, known_at),
    )


def approved_adders(day: date, known_at: datetime) -> dict[tuple[int, str, str, str], Decimal]:
    """Return the amount of each approved adder in force, by resource, adder and configurations."""
    rows = CostAdder.objects.filter(valid__contains=day, known__contains=known_at)
    found = rows.values_list("resource_id", "kind", "config", "to_config", "amount")
    return {(key, kind, config, to): amount for key, kind, config, to, amount in found}


def oc_excluded(
    resources: dict[int, ResourceOnFile], vintage: dict[int, tuple[str, str | None]]
) -> set[int]:
    """Return resources whose opportunity cost does not count: not use-limited, or Condition 2.

    *Interpretation*: a resource the Master File does not hold keeps the adder it was given.
    """
    return {
        key
        for key, found in resources.items()
        if not opportunity_cost_eligible(
            use_limited=found.use_limited, condition=vintage.get(key, ("", None))[1]
        )
    }


def adders_known(
    day: date, known_at: datetime, resource_ids: Iterable[int] | None = None
) -> AdderBook:
    """Return the adders of a day as known at a moment, for settlement and the markets (G34).

    resource_ids: which resources on the Master File are looked at; all where there are none named.
    """
    asked = None if resource_ids is None else set(resource_ids)
    approved = approved_adders(day, known_at)
    configurations = configurations_of(version_of(CONFIGURATIONS.name, known_at), day)
    transitions = transitions_of(version_of(TRANSITIONS.name, known_at), day)
    if asked is not None:
        approved = {k: v for k, v in approved.items() if k[0] in asked}
        configurations = [c for c in configurations if c.resource_id in asked]
        transitions = [t for t in transitions if t.resource_id in asked]
    resources = resources_on_file(version_known(day, known_at), asked)
    return adder_book(
        approved, configurations, transitions, oc_excluded(resources, vintages_on(day, known_at))
    )


def regions_known(day: date, known_at: datetime) -> dict[str, str]:
    """Return the fuel index of each region: its own by the desk, else its published hub."""
    version = version_of(FUEL_REGIONS.name, known_at)
    rows = FuelRegion.objects.filter(dataset_version=version, hub__isnull=False)
    found = {region: index_of(hub or "") for region, hub in rows.values_list("region", "hub")}
    for scalar in RegionScalar.objects.filter(valid__contains=day, known__contains=known_at):
        found[scalar.region] = scalar.index
    return found


def current_versions(known_at: datetime, *datasets: Dataset) -> Any:
    """Return the keys of the version of each period that was current at a moment, for a filter."""
    return (
        DatasetVersion.objects.filter(
            dataset__in=[d.name for d in datasets], known_from__lte=known_at
        )
        .order_by("dataset", "period", "-version")
        .distinct("dataset", "period")
        .values("pk")
    )


def fuel_rows(day: date, known_at: datetime) -> Any:
    """Return the newest price row of each index that is not after a day."""
    kept = current_versions(known_at, *FUEL_FILES)
    return (
        FuelPrice.objects.filter(price_date__lte=day, dataset_version_id__in=kept)
        .order_by("index", "-price_date", "-dataset_version_id")
        .distinct("index")
    )


def gas_indexes(day: date, known_at: datetime) -> frozenset[str]:
    """Return the indexes of gas that prices or regions name, of any day not after one."""
    kept = current_versions(known_at, *FUEL_FILES)
    rows = FuelPrice.objects.filter(price_date__lte=day, dataset_version_id__in=kept)
    named = {*rows.values_list("index", flat=True), *regions_known(day, known_at).values()}
    return frozenset(index for index in named if is_gas_index(index))


def allowance_rows(day: date, known_at: datetime) -> Any:
    """Return allowance price rows that are not after a day, the newest first."""
    kept = current_versions(known_at, *ALLOWANCE_FILES)
    return AllowancePrice.objects.filter(price_date__lte=day, dataset_version_id__in=kept).order_by(
        "-price_date", "-dataset_version_id"
    )


def fuel_known(day: date, known_at: datetime, params: ParameterSet) -> dict[str, PriceOfDay]:
    """Return the newest price of each index that is not after a day."""
    oldest = day - timedelta(days=params.at(STALE_AFTER_DAYS, day))
    return {
        r.index: PriceOfDay(r.price, r.price_date, r.price_date < oldest)
        for r in fuel_rows(day, known_at)
    }


def allowance_known(day: date, known_at: datetime, params: ParameterSet) -> PriceOfDay | None:
    """Return the newest allowance price that is not after a day."""
    row = allowance_rows(day, known_at).first()
    if row is None:
        return None
    oldest = day - timedelta(days=params.at(ALLOWANCE_STALE_AFTER_DAYS, day))
    return PriceOfDay(row.price, row.price_date, row.price_date < oldest)


def rate_rows(day: date, known_at: datetime) -> Any:
    """Return the row of each rate in force, by name and resource."""
    return (
        CostRate.objects.filter(
            effective_date__lte=day, dataset_version_id__in=current_versions(known_at, *RATE_FILES)
        )
        .order_by("rate", "resource_id", "-effective_date", "-dataset_version_id")
        .distinct("rate", "resource_id")
    )


def rates_known(day: date, known_at: datetime) -> dict[tuple[str, int | None], Decimal]:
    """Return each rate in force, by name and resource."""
    return {(r.rate, r.resource_id): r.amount for r in rate_rows(day, known_at)}


def points_by_curve(points: list[PointRow]) -> dict[tuple[int, str], list[PointRow]]:
    """Return the points of each curve, by resource and configuration."""
    found: dict[tuple[int, str], list[PointRow]] = defaultdict(list)
    for row in points:
        found[row[0], row[1]].append(row)
    return found


def eligible_on(resource_id: int, day: date) -> bool:
    """Whether opportunity cost counts for a resource on a day as known now (BRQ-0062)."""
    on_file = resources_on_file(version_known(day, FAR_MOMENT), [resource_id]).get(resource_id)
    _, condition = vintages_on(day, FAR_MOMENT).get(resource_id, ("", None))
    return opportunity_cost_eligible(
        use_limited=on_file is not None and on_file.use_limited, condition=condition
    )
