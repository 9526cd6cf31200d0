"""The change between two runs, split by cause for every line."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from apps.platform.accounts.services import bypass_rls
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import code_version
from apps.settlement.settlements.rules.causes import Sides, split_by_cause
from apps.settlement.settlements.selectors import result_lines
from apps.settlement.settlements.services.inputs import book_of, day_of


class OtherDay(ValueError):
    """Two runs of different trade dates have no common causes; compare them instead."""


def causes_of(*, old: Run, new: Run, sc_id: int | None = None) -> pl.DataFrame:
    """Return the lines of two runs of a trade date with what each cause did, in cents.

    sc_id: one SC's lines. Raises OtherDay for runs of different trade dates.
    """
    if (old.kind, old.trade_date) != (new.kind, new.trade_date):
        raise OtherDay(f"{old} and {new} are not of the same trade date.")
    found = _split(old.pk, new.pk, old.result_hash, new.result_hash, code_version())
    return found if sc_id is None else found.filter(pl.col("sc_id") == sc_id)


@lru_cache(maxsize=4)
def _split(old_id: int, new_id: int, was: str, now: str, code: str) -> pl.DataFrame:
    """Sealed runs never change, so what split them once holds for the code that did it."""
    with bypass_rls("shares depend on everybody's demand; only the asker's lines are shown"):
        old, new = Run.objects.get(pk=old_id), Run.objects.get(pk=new_id)
        sides = Sides(
            book_of(old), book_of(new), day_of(new), result_lines(run=old), result_lines(run=new)
        )
    return split_by_cause(sides)
