"""Whether what exceptional dispatch is shared by under TARIFF is on file."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span
from apps.platform.parameters.selectors import parameter_set
from apps.platform.runs.hooks import Hold, HoldEffect
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import (
    DISPATCH_SHARES,
    MEASURED_DEMAND,
    RESOURCE_INTERVALS,
    TRANSMISSION_OWNER,
)
from apps.reference.market.selectors import result_frame, shares_of
from apps.reference.resources.selectors import resource_codes
from apps.settlement.settlements.rules.parameters import DISPATCH_ALLOCATION


@implements("BRQ-1260", source="settlement rule book 15, decision G35")
def dispatch_without_shares(day: date, known_at: datetime) -> list[Hold]:
    """Return dispatched resources whose energy or uplift TARIFF cannot share as the tariff does.

    Named alone: what lacks a quantity is shared by metered demand (*Interpretation*).
    """
    if _reading(day, known_at) != "TARIFF":
        return []
    kept = versions_known_at(RESOURCE_INTERVALS.name, known_at, days=[day])
    rows = result_frame(RESOURCE_INTERVALS.name, kept[0]) if kept else None
    if rows is None:
        return []
    dispatched = sorted(rows.filter(pl.col("ed_mwh") != 0)["resource_id"].unique())
    held = versions_known_at(DISPATCH_SHARES.name, known_at, days=[day])
    shares = [row for v in held for row in shares_of(v) if row[4] > 0]
    energy = any(basis == MEASURED_DEMAND for _, basis, *_ in shares)
    owners = {key for _, basis, key, *_ in shares if basis == TRANSMISSION_OWNER}
    names = resource_codes(set(dispatched))
    found = []
    for key in dispatched:
        lacks = ["measured demand"] if not energy else []
        if not owners & {key, None}:
            lacks.append("transmission owner of its territory")
        if lacks:
            said = (
                f"{names[key]} was dispatched exceptionally and no {' and no '.join(lacks)} of "
                f"{day} is on file: metered demand bears it. Send {DISPATCH_SHARES.title}."
            )
            found.append(Hold("ED-NO-SHARES", key, names[key], said, effect=HoldEffect.NAMED))
    return found


def _reading(day: date, known_at: datetime) -> str:
    params = parameter_set(
        parameters=(DISPATCH_ALLOCATION,), span=Span.through(day, day), known_at=known_at
    )
    try:
        return str(params.at(DISPATCH_ALLOCATION, day))
    except ParameterMissing:
        return "SIMPLE"
