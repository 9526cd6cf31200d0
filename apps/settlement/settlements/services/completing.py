"""Every input row of a settled day is used, or listed as unused with the reason."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from apps.platform.core.rulebook import implements
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import version_read
from apps.reference.market.codes import DISPATCH_SHARES, METERED_DEMAND, RESULT_DATASETS
from apps.reference.market.selectors import demand_frame
from apps.reference.resources.selectors import tac_codes
from apps.settlement.settlements.rules.usage import Usage, usage_of
from apps.settlement.settlements.services.inputs import PORTS
from apps.settlement.settlements.services.recalculating import Recalculation


@dataclass(frozen=True)
class Completeness:
    """How one input of a run was used, with the version whose rows are meant, if it is a file."""

    title: str
    version: str
    version_id: int | None
    usage: Usage


TITLES = {
    "contracts": "RMR contracts in force",
    "penalties": "Negotiated penalties",
    "approved": "Approved actual costs",
    "recoveries": "Approved costs to recover",
}


@implements("BRQ-1225", "BRQ-1230", "BRQ-1255", source="settlement desk: completeness")
def completeness_of(run: Run, *, recalculation: Recalculation | None = None) -> list[Completeness]:
    """Return for each input of a run how many rows were used, and the others by reason.

    For the ISO: it reads the rows of every party. Calculated anew from what the run read.
    recalculation: of the same run, where more is told of it.
    """
    book, _ = (recalculation or Recalculation(run)).calculated()
    areas = tac_codes()
    demand = demand_frame(version_read(run, METERED_DEMAND.name)).with_columns(
        tac=pl.col("tac_area_id").replace_strict(areas, default="", return_dtype=pl.String)
    )
    named = {PORTS[d.name]: d for d in RESULT_DATASETS} | {
        "demand": METERED_DEMAND,
        "ed_shares": DISPATCH_SHARES,
    }
    found = []
    for usage in usage_of(book, demand):
        dataset = named.get(usage.name)
        version = version_read(run, dataset.name) if dataset else None
        if dataset and version is None:
            continue
        found.append(
            Completeness(
                dataset.title if dataset else TITLES[usage.name],
                f"v{version.version}" if version else "",
                version.pk if version else None,
                usage,
            )
        )
    return found
