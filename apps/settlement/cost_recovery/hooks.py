"""Who tells where a cost recovery request was settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apps.platform.core.registry import Registry


@dataclass(frozen=True)
class Settled:
    """Where a request's trade date was settled: a run, its statement line, the invoice.

    ``amount``: of the line, negative is a payment. Addresses are empty where there is no page.
    """

    trade_date: date
    run: str
    state: str
    amount: Decimal | None = None
    line: str = ""
    line_address: str = ""
    invoice: str = ""
    invoice_address: str = ""


SETTLED_WHERE: Registry[Callable[[Any, Any], list[Settled]]] = Registry(
    "cost_recovery.settled_where",
    meaning="Asked (request, viewer) where the trade dates of a request were settled.",
)


def settled_by_day(request: Any, viewer: Any) -> list[Settled]:
    """Return where the trade dates of a request were settled, by day."""
    found = [settled for where in SETTLED_WHERE for settled in where(request, viewer)]
    return sorted(found, key=lambda s: (s.trade_date, s.run))
