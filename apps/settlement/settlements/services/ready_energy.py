"""Whether the energy of a trade date is measured and priced: 5-minute rows, prices other than 0."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from apps.platform.core.rulebook import implements
from apps.platform.core.words import counted
from apps.platform.runs.hooks import Hold, HoldEffect
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import RESULT_DATASETS
from apps.reference.market.selectors import result_frame
from apps.reference.resources.selectors import resource_codes
from apps.settlement.settlements.services.ready_results import effect_without_results

COMMITMENTS, HOURS, QUARTERS, INTERVALS = (d.name for d in RESULT_DATASETS)
PRICED = (
    (HOURS, "hour", "da_mwh", "da_lmp", "market-hours"),
    (QUARTERS, "15-minute interval", "fmm_mwh", "fmm_lmp", "market-quarters"),
    (INTERVALS, "5-minute interval", "rtd_mwh", "rtd_lmp", "market-intervals"),
)
"""Files of results: what a row is called, its energy, its price, and the kind of file."""


@implements("BRQ-1255", "BRQ-1225", source="settlement rule book 15, decision G36")
def energy_without_intervals(day: date, known_at: datetime) -> list[Hold]:
    """Return resources with hours of awards or commitments that no 5-minute row measures.

    Their cost and day-ahead revenue are settled, and no energy stands against them.
    *Interpretation*: its effect is that of a contract without market results, as a unit that did
    not run may have no row.
    """
    hours = _frame(HOURS, day, known_at).filter((pl.col("da_mwh") > 0) | (pl.col("ruc_mw") > 0))
    events = _frame(COMMITMENTS, day, known_at).filter(
        (pl.col("qualified") == "Y") & (pl.col("committed") != "SELF")
    )
    place = ["resource_id", "hour_ending"]
    taken = pl.concat([hours.select(place), events.select(place)]).unique()
    measured = _frame(INTERVALS, day, known_at).select(place).unique()
    bare = taken.join(measured, on=place, how="anti").group_by("resource_id").len()
    found = dict(bare.iter_rows())
    return _holds(
        "RESULTS-NO-INTERVALS",
        found,
        {
            key: f"{counted(count, 'hour')} of awards or commitments on {day} without a 5-minute "
            "row: their costs are settled and no energy stands against them. Send the 5-minute "
            "results; where it did not run, nothing is to be sent."
            for key, count in found.items()
        },
        effect_without_results(day, known_at) if found else HoldEffect.NAMED,
        {},
    )


@implements("BRQ-1255", "BRQ-1225", source="settlement rule book 15, decision G36")
def energy_without_prices(day: date, known_at: datetime) -> list[Hold]:
    """Return resources with energy at a price of 0, as a blank price is read.

    *Interpretation*: a market price of exactly 0 is rare; its effect is that of a contract without
    market results.
    """
    found: list[Hold] = []
    for dataset, noun, energy, price, kind in PRICED:
        rows = _frame(dataset, day, known_at)
        bare = rows.filter((pl.col(energy) != 0) & (pl.col(price) == 0))
        counts = dict(bare.group_by("resource_id").len().iter_rows())
        if not counts:
            continue
        found += _holds(
            "RESULTS-NO-PRICE",
            counts,
            {
                key: f"{counted(count, noun)} of {day} with energy at a price of 0, as a blank one "
                "is read: the energy is settled at nothing. Send the prices; where they were 0, "
                "nothing is to be sent."
                for key, count in counts.items()
            },
            effect_without_results(day, known_at),
            {"file": kind},
        )
    return found


def file_of_prices(details: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the kind of file that brings the prices a hold lacks."""
    return (str(details["file"]),) if "file" in details else ()


def _holds(
    code: str,
    counts: Mapping[int, int],
    said: Mapping[int, str],
    effect: HoldEffect,
    details: Mapping[str, Any],
) -> list[Hold]:
    names = resource_codes(set(counts))
    return [
        Hold(code, key, names[key], f"{names[key]}: {said[key]}", details=details, effect=effect)
        for key in sorted(counts, key=lambda one: names[one])
    ]


def _frame(dataset: str, day: date, known_at: datetime) -> pl.DataFrame:
    kept = versions_known_at(dataset, known_at, days=[day])
    return result_frame(dataset, kept[0] if kept else None)
