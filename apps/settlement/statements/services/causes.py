"""Why a statement, a line or a day changed between two versions, in parts that add up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from apps.platform.accounts.selectors import sc_codes
from apps.platform.core.money import cents_to_usd
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.models import Run
from apps.reference.resources.selectors import resource_codes, tac_codes
from apps.settlement.settlements.rules.causes import CAUSES, MEANINGS
from apps.settlement.settlements.services import OtherDay, causes_of


@dataclass(frozen=True)
class CauseLine:
    """A line, or all lines of an SC, with what each cause did to it in dollars."""

    sc: str
    charge_code: str
    resource: str
    tac_area: str
    contract_no: str
    was: Decimal
    parts: tuple[Decimal, ...]
    now: Decimal

    @property
    def by_cause(self) -> dict[str, Decimal]:
        """What each cause did, by its name, in dollars."""
        return dict(zip(CAUSES, self.parts, strict=True))


@dataclass(frozen=True)
class Causes:
    """A change split by cause: the whole, by SC, and line by line, the largest mover first."""

    was: Decimal
    now: Decimal
    parts: list[tuple[str, str, Decimal]]
    by_sc: list[CauseLine]
    lines: list[CauseLine]
    more: int

    @property
    def by_cause(self) -> dict[str, Decimal]:
        """What each cause did to the whole, by its name, in dollars."""
        return {name: amount for name, _, amount in self.parts}

    @property
    def chart(self) -> dict[str, Any]:
        """Describe the change as a waterfall."""
        return {
            "kind": "waterfall",
            "unit": "$",
            "title": "What each cause did",
            "steps": [
                {"name": "Was", "value": float(self.was), "total": True},
                *({"name": name, "value": float(amount)} for name, _, amount in self.parts),
                {"name": "Is", "value": float(self.now), "total": True},
            ],
        }


@implements("BRQ-1201", "BRQ-1203", source="settlement desk: why did it change")
def why(*, old: Run, new: Run, sc_id: int | None, most: int = 200) -> Causes:
    """Split the change between two runs of a trade date by cause, for all SCs or one.

    Raises ValidationFailed for runs of different trade dates. ``more`` lines moved less than those
    listed.
    """
    try:
        found = causes_of(old=old, new=new, sc_id=sc_id)
    except OtherDay as trouble:
        raise ValidationFailed.because("CSE-DAY", str(trouble)) from None
    moved = found.filter(pl.any_horizontal(pl.col(c) != 0 for c in CAUSES))
    size = pl.sum_horizontal(pl.col(c).abs() for c in CAUSES)
    listed = moved.sort(
        size,
        *("sc_id", "charge_code", "resource_id", "tac_area_id"),
        descending=[True, False, False, False, False],
        nulls_last=True,
    )
    sums = {c: int(found[c].sum() or 0) for c in ("was", *CAUSES, "now")}
    grouped = (
        moved.group_by("sc_id")
        .agg(pl.col("was", *CAUSES, "now").sum())
        .with_columns(
            charge_code=pl.lit(""), resource_id=None, tac_area_id=None, contract_no=pl.lit("")
        )
        .sort(size, "sc_id", descending=[True, False])
    )
    return Causes(
        cents_to_usd(sums["was"]),
        cents_to_usd(sums["now"]),
        [(c, MEANINGS[c], cents_to_usd(sums[c])) for c in CAUSES],
        _named(grouped),
        _named(listed.head(most)),
        max(moved.height - most, 0),
    )


def _named(rows: pl.DataFrame) -> list[CauseLine]:
    names = sc_codes()
    resources = resource_codes({k for k in rows["resource_id"] if k})
    areas = tac_codes()
    return [
        CauseLine(
            names.get(row["sc_id"], ""),
            row["charge_code"],
            resources.get(row["resource_id"], ""),
            areas.get(row["tac_area_id"], ""),
            row["contract_no"],
            cents_to_usd(row["was"]),
            tuple(cents_to_usd(row[c]) for c in CAUSES),
            cents_to_usd(row["now"]),
        )
        for row in rows.iter_rows(named=True)
    ]
