"""Calculate a settled day with something changed; nothing of it is stored as a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from apps.platform.core.effective import ParameterSet
from apps.platform.runs.hooks import Invariant
from apps.platform.runs.models import Run
from apps.settlement.settlements.rules.causes import lines_of
from apps.settlement.settlements.rules.chain import NODES, Book, DayOfChain, calculate
from apps.settlement.settlements.services.checking import invariants
from apps.settlement.settlements.services.inputs import book_of, day_of


def tried(
    run: Run, *, values: Mapping[str, str], changed: Callable[[Book], Book]
) -> tuple[pl.DataFrame, list[Invariant]]:
    """Return the lines a run would have had, in cents, and what must hold of them.

    values: texts of parameters that are to be others. changed: makes another book of the run's.
    """
    day = day_of(run)
    other = ParameterSet(
        {
            name: [replace(v, text=values.get(name, v.text)) for v in held]
            for name, held in day.params.values.items()
        }
    )
    book = calculate(list(NODES), changed(book_of(run)), DayOfChain(day.date, other))
    return lines_of(book), list(invariants(book))
