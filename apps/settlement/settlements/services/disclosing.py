"""What the reader of a line may know of others in it: decided on the day it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.reliability.designations.selectors import open_contracts, told_of_every_contract
from apps.settlement.settlements.rules.chain import Book
from apps.settlement.settlements.rules.telling import Telling
from apps.settlement.settlements.selectors import fewest_sharers


@dataclass(frozen=True)
class Disclosed:
    """Which contracts' terms every SC is told today, and how many SCs a sum is told from."""

    every: bool
    contracts: frozenset[str]
    fewest: int

    def terms_open(self, contract_no: str) -> bool:
        """Whether every SC is told the terms of a contract."""
        return self.every or contract_no in self.contracts

    def telling(
        self, line: Mapping[str, Any], book: Book, sees: Callable[[int | None], bool]
    ) -> Telling:
        """Return what an SC is told of others in a line.

        sees: whether rows of a party are the reader's. The owner is the SC of the trade date.
        """
        held = (r.contract for r in book["rmr"] if r.contract.resource_id == line["resource_id"])
        contract = next(held, None)
        terms = contract is not None and (
            sees(contract.sc_id) or self.terms_open(contract.contract_no)
        )
        return Telling(terms, self.fewest)


def disclosed_today() -> Disclosed:
    """Return what may be told today (Pacific)."""
    return Disclosed(told_of_every_contract(), frozenset(open_contracts()), fewest_sharers())
