"""Compare two runs, or a run with what is published: who moves, by how much, in which charges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.selectors import sc_codes
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import current_run, input_changes
from apps.reference.resources.selectors import resource_codes, tac_codes
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.rules.causes import CAUSES, KEY
from apps.settlement.settlements.selectors import RESULT_COLUMNS, determinants_of, lines_of_run
from apps.settlement.settlements.services import SplitBusy, causes_of
from apps.settlement.statements.rules.comparing import side_by_side, summed
from apps.settlement.statements.selectors import published_run

MovedBy = Mapping[tuple[Any, ...], Mapping[str, Decimal]]


@dataclass(frozen=True)
class Pair:
    """One line of either side, by name, in dollars, with what it rests on.

    ``determinants``: those that differ. ``by_cause``: what each cause did to it, in dollars; None
    for runs of two trade dates, without an older run, or where it could not be split for now.
    """

    sc: str
    charge_code: str
    resource: str
    tac_area: str
    contract_no: str
    was: Decimal | None
    now: Decimal | None
    change: Decimal
    stands: str
    determinants: tuple[tuple[str, str, str, str], ...] = ()
    by_cause: Mapping[str, Decimal] | None = None

    @property
    def causes(self) -> list[tuple[str, Decimal]]:
        """The causes that moved it, with what each did in dollars."""
        return [(cause, usd) for cause, usd in (self.by_cause or {}).items() if usd]


@dataclass(frozen=True)
class Moved:
    """What an SC or a charge code was, is, and changed by, in dollars."""

    name: str
    was: Decimal
    now: Decimal
    change: Decimal
    lines: int


@dataclass(frozen=True)
class Comparison:
    """Two runs compared; ``shown``: problems first, those below the least amount left out.

    ``unsplit``: why the changes are not split by cause, where another split kept us busy.
    """

    old: Run | None
    new: Run
    by_sc: list[Moved]
    by_code: list[Moved]
    shown: list[Pair]
    differing: int
    hidden: int
    same: int
    causes: list[dict[str, Any]]
    unsplit: str = ""

    @property
    def change(self) -> Decimal:
        """What all lines changed by together."""
        return sum((m.change for m in self.by_code), Decimal("0.00"))

    @property
    def inputs_that_changed(self) -> list[str]:
        """The names of the inputs and parameters that differ."""
        return [str(cause["name"]) for cause in self.causes]


@implements("BRQ-1201", source="settlement rule book 1.5")
def compare(
    *,
    old: Run | None,
    new: Run,
    viewer: Viewer,
    least: Decimal = Decimal(0),
    sc_id: int | None,
    first: int = 0,
    count: int = 100,
) -> Comparison:
    """Compare the lines of two runs, for all SCs or one.

    least: changes smaller than it are noise and not listed, but counted and summed. first, count:
    which of the listed lines are returned with what they rest on. An SC compares its own lines.
    """
    if not viewer.is_iso:
        sc_id = viewer.party_id
    before = lines_of_run(old, sc_id) if old else pl.DataFrame(schema=RESULT_COLUMNS)
    lines = side_by_side(before, lines_of_run(new, sc_id))
    names = sc_codes()
    differ = lines.filter(pl.col("change") != 0)
    listed = differ.filter(pl.col("change").abs() >= usd_to_cents(least))
    page = listed.slice(first, count)
    moved, unsplit = _moved_by(old, new) if old and page.height else ({}, "")
    return Comparison(
        old,
        new,
        _moved(summed(lines, "sc_id"), "sc_id", names),
        _moved(summed(lines, "charge_code"), "charge_code", {}),
        _pairs(page, old, new, names, moved, in_full=viewer.is_iso),
        listed.height,
        differ.height - listed.height,
        lines.height - differ.height,
        input_changes(new, old) if old else [],
        unsplit,
    )


def _moved(rows: pl.DataFrame, by: str, names: dict[int, str]) -> list[Moved]:
    return [
        Moved(
            names.get(row[by], str(row[by])),
            cents_to_usd(row["was"]),
            cents_to_usd(row["now"]),
            cents_to_usd(row["change"]),
            row["moved"],
        )
        for row in rows.iter_rows(named=True)
    ]


def _pairs(
    lines: pl.DataFrame,
    old: Run | None,
    new: Run,
    names: dict[int, str],
    moved: MovedBy,
    *,
    in_full: bool,
) -> list[Pair]:
    resources = resource_codes({k for k in lines["resource_id"] if k})
    areas = tac_codes()
    rests = {
        sc: (
            determinants_of(old, sc, in_full=in_full) if old else {},
            determinants_of(new, sc, in_full=in_full),
        )
        for sc in lines["sc_id"].unique()
    }
    found = []
    for row in lines.iter_rows(named=True):
        key = (row["charge_code"], row["resource_id"], row["tac_area_id"], row["contract_no"])
        before, after = rests[row["sc_id"]]
        found.append(
            Pair(
                names.get(row["sc_id"], ""),
                row["charge_code"],
                resources.get(row["resource_id"], ""),
                areas.get(row["tac_area_id"], ""),
                row["contract_no"],
                _usd(row["was"]),
                _usd(row["now"]),
                cents_to_usd(row["change"]),
                row["stands"],
                tuple(_both(before.get(key, []), after.get(key, []))),
                moved.get(tuple(row[name] for name in KEY)),
            )
        )
    return found


def _moved_by(old: Run, new: Run) -> tuple[MovedBy, str]:
    """Return what each cause did to the lines of a day, in dollars, or nothing and why not.

    Nothing for runs of two days, and while another change is being split.

    Not every figure that a line rests on is kept with it: the price of an allocated contract is
    none of its determinants.
    """
    if (old.kind, old.trade_date) != (new.kind, new.trade_date):
        return {}, ""
    try:
        rows = causes_of(old=old, new=new)
    except SplitBusy as trouble:
        return {}, str(trouble)
    return {
        tuple(row[name] for name in KEY): {c: cents_to_usd(row[c]) for c in CAUSES}
        for row in rows.iter_rows(named=True)
    }, ""


def _usd(cents: int | None) -> Decimal | None:
    return None if cents is None else cents_to_usd(cents)


def _both(
    before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> Iterable[tuple[str, str, str, str]]:
    """Return (symbol, was, now, unit) of the determinants that differ."""
    old = {name: value for name, value, _ in before}
    units = {name: unit for name, _, unit in [*before, *after]}
    new = {name: value for name, value, _ in after}
    for name, unit in units.items():
        if old.get(name) != new.get(name):
            yield name, old.get(name, "–"), new.get(name, "–"), unit


def preview(*, run: Run, viewer: Viewer, **asked: Any) -> Comparison:
    """Compare a run that is to be published with what is published of its day now."""
    return compare(
        old=current_run(DAILY, run.trade_date), new=run, viewer=viewer, sc_id=None, **asked
    )


def run_to_compare(text: str, viewer: Viewer) -> Run:
    """Return the run that a number or a trade date names; raises ValidationFailed where there is
    none.

    A trade date names what is published of it; numbers of other versions are the ISO's alone.
    """
    found = published_run(text, viewer=viewer)
    if found is None:
        asked = f"There is no settled run {text[:20]!r} to compare."
        raise ValidationFailed.because(
            "CMP-RUN", f"{asked} Give a published trade date or a run number."
        )
    return found
