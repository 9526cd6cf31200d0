"""The change between two runs, split by cause for every line."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import polars as pl

from apps.platform.accounts.services import bypass_rls
from apps.platform.core.busy import Busy
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import code_version
from apps.settlement.settlements.rules.causes import Sides, split_by_cause
from apps.settlement.settlements.selectors import result_lines
from apps.settlement.settlements.services.inputs import book_of, day_of


class OtherDay(ValueError):
    """Two runs of different trade dates have no common causes; compare them instead."""


class SplitBusy(Busy):
    """Another change is being split by cause; nothing was done."""

    code = "CSE-BUSY"

    def __init__(self) -> None:
        super().__init__(
            "Another change is being split by cause. Open this again in a few seconds."
        )


class Splits:
    """The newest splits of this process; a new one is calculated by one thread at a time.

    A split calculates the chain for every cause: who waits longer than ``patience`` seconds is told
    so, that threads are left for everything else.
    """

    def __init__(self, most: int = 4, patience: float = 2.0) -> None:
        self.most, self.patience = most, patience
        self.lock = Lock()
        self.kept: dict[tuple[Any, ...], pl.DataFrame] = {}

    def of(self, key: tuple[Any, ...], split: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """Return what is kept under a key, or split anew; raises SplitBusy."""
        found = self.kept.get(key)
        if found is not None:
            return found
        if not self.lock.acquire(timeout=self.patience):
            raise SplitBusy
        try:
            if key not in self.kept:
                found = split()
                while len(self.kept) >= self.most:
                    self.kept.pop(next(iter(self.kept)))
                self.kept[key] = found
            return self.kept[key]
        finally:
            self.lock.release()


SPLITS = Splits()


def causes_of(*, old: Run, new: Run, sc_id: int | None = None) -> pl.DataFrame:
    """Return the lines of two runs of a trade date with what each cause did, in cents.

    sc_id: one SC's lines. Raises OtherDay for runs of different trade dates, and SplitBusy while
    this process splits another change. Sealed runs never change, so what split them once holds for
    the code that did it.
    """
    if (old.kind, old.trade_date) != (new.kind, new.trade_date):
        raise OtherDay(f"{old} and {new} are not of the same trade date.")
    key = (old.pk, new.pk, old.result_hash, new.result_hash, code_version())
    found = SPLITS.of(key, lambda: _split(old.pk, new.pk))
    return found if sc_id is None else found.filter(pl.col("sc_id") == sc_id)


def _split(old_id: int, new_id: int) -> pl.DataFrame:
    with bypass_rls("shares depend on everybody's demand; only the asker's lines are shown"):
        old, new = Run.objects.get(pk=old_id), Run.objects.get(pk=new_id)
        sides = Sides(
            book_of(old), book_of(new), day_of(new), result_lines(run=old), result_lines(run=new)
        )
    return split_by_cause(sides)
