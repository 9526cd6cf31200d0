"""A run calculated anew from what it read, once for everything that is told of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from apps.platform.core.effective import ParameterSet
from apps.platform.runs.models import Run
from apps.settlement.settlements.rules.chain import NODES, Book, DayOfChain, calculate
from apps.settlement.settlements.services.inputs import book_of, day_of


class Recalculation:
    """The inputs of a run and the chain calculated on them, each read once.

    A run reads the same whenever it is asked, so what was read for one line holds for the next.
    The caller has lifted row-level security where it has to be, before anything is read.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._day: DayOfChain | None = None
        self._inputs: dict[frozenset[int] | None, dict[str, Any]] = {}
        self._calculated: dict[frozenset[int] | None, tuple[Book, ParameterSet]] = {}

    @property
    def day(self) -> DayOfChain:
        """The trade date with its parameters, none of them asked for yet."""
        if self._day is None:
            self._day = day_of(self.run)
        return replace(self._day, params=ParameterSet(self._day.params.values))

    def inputs(self, resources: set[int] | None = None) -> dict[str, Any]:
        """Return what the chain reads, of some resources alone or (None) of all."""
        which = None if resources is None else frozenset(resources)
        if which not in self._inputs:
            self._inputs[which] = book_of(self.run, resources=resources)
        return dict(self._inputs[which])

    def calculated(self, resources: set[int] | None = None) -> tuple[Book, DayOfChain]:
        """Return the chain calculated, and the day with the parameters it asked for.

        The book and the parameters are the caller's own: to add to them changes no other's.
        """
        which = None if resources is None else frozenset(resources)
        if which not in self._calculated:
            day = self.day
            self._calculated[which] = (
                calculate(list(NODES), self.inputs(resources), day),
                day.params,
            )
        book, params = self._calculated[which]
        own = ParameterSet(params.values, dict(params.asked))
        return dict(book), DayOfChain(self.run.trade_date, own)
