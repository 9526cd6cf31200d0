"""The files whose rows a day's costs rest on: prices, rates and inputs that hold from a day on."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from apps.bidding.costs.codes import (
    ALLOWANCES,
    AUCTIONS,
    COMMITMENT_INPUTS,
    FUEL_PRICES,
    FUEL_REGIONS,
    PUBLISHED_GAS,
    RATES,
)
from apps.bidding.costs.services.inputs import (
    allowance_rows,
    fuel_rows,
    rate_rows,
    version_of,
    version_on,
)
from apps.platform.core.datasets import Dataset


class FilesRead(NamedTuple):
    """What costs take from files: the kinds it may stand in, and the versions it stands in.

    ``datasets``: the first is the one to send where there is none. ``versions``: keys of dataset
    versions that hold a row in force on the day; empty where nothing is on file.
    """

    datasets: tuple[Dataset, ...]
    versions: frozenset[int]


def files_of_costs(day: date, known_at: datetime) -> list[FilesRead]:
    """Return the files that a day's costs rest on, as known at a moment, beside whole versions."""
    fuel = frozenset(r.dataset_version_id for r in fuel_rows(day, known_at))
    allowance = frozenset(r.dataset_version_id for r in allowance_rows(day, known_at)[:1])
    rates = frozenset(r.dataset_version_id for r in rate_rows(day, known_at))
    regions = version_of(FUEL_REGIONS.name, known_at)
    commitment = version_on(COMMITMENT_INPUTS.name, day, known_at)
    return [
        FilesRead((FUEL_PRICES, PUBLISHED_GAS), fuel),
        FilesRead((ALLOWANCES, AUCTIONS), allowance),
        FilesRead((RATES,), rates),
        FilesRead((FUEL_REGIONS,), frozenset({regions.pk} if regions else ())),
        FilesRead((COMMITMENT_INPUTS,), frozenset({commitment.pk} if commitment else ())),
    ]
