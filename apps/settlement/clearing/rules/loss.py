"""An amount that stays unpaid, shared over all participants by three measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from apps.platform.core.calculator import (
    Calculator,
    Inputs,
    NotNegative,
    Outputs,
    Row,
    Text,
    Usd,
    Violation,
    field,
    twice,
)
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.rulebook import implements
from apps.platform.core.shares import split_cents

WEIGHTS = (Fraction(20, 100), Fraction(30, 100), Fraction(50, 100))
"""Weights of amounts payable to the SC, absolute invoice amounts, and activity, as settled."""


@dataclass(frozen=True)
class Measures:
    """A participant's averages over the look-back: dollars payable to it, absolute invoices, MWh.

    New-tariff RMR lines are in them; legacy RMR, GMC and access charges are not.
    """

    sc: str
    payable: Fraction
    absolute: Fraction
    mwh: Fraction


class NothingMeasured(ValueError):
    """Nobody has any of the three measures, so the loss has no base."""


@implements("BRQ-1401", "BRQ-1400", source="settlement rule book 12.5")
def loss_shares(
    loss: int, rows: Sequence[Measures], weights: Sequence[Fraction] = WEIGHTS
) -> dict[str, int]:
    """Return each participant's share of a loss in cents; the shares add up to it.

    *Interpretation*: where nobody has a measure, its weight falls on the others in proportion.
    Raises NothingMeasured where nobody has any.
    """
    columns = [[getattr(row, name) for row in rows] for name in ("payable", "absolute", "mwh")]
    totals = [sum(column, Fraction(0)) for column in columns]
    used = sum((w for w, total in zip(weights, totals, strict=True) if total), Fraction(0))
    if not used:
        raise NothingMeasured("Nobody has any of the three measures.")
    parts = {
        row.sc: sum(
            (
                weight * column[place] / total / used
                for weight, column, total in zip(weights, columns, totals, strict=True)
                if total
            ),
            Fraction(0),
        )
        for place, row in enumerate(rows)
    }
    scale = lcm(*(part.denominator for part in parts.values()))
    return split_cents(loss, {sc: int(part * scale) for sc, part in parts.items()})


class LossMeasures(Row):
    """Averages of one SC over the look-back."""

    sc: Text = field("SC.")
    net_payable_usd: NotNegative = field("Amounts payable to it.", unit="$")
    absolute_invoices_usd: NotNegative = field("Absolute invoice amounts.", unit="$")
    mwh: NotNegative = field("Activity.", unit="MWh")


class DefaultLossInputs(Inputs):
    """A loss and everybody's measures."""

    loss_usd: Usd = field("The loss.", unit="$")
    scs: list[LossMeasures] = field("Averages over the look-back.", unit="$, MWh")

    def check(self) -> Iterable[Violation]:
        """Return SCs that stand twice, and whether anybody has a measure."""
        yield from twice((r.sc for r in self.scs), "scs")
        if not any(r.net_payable_usd or r.absolute_invoices_usd or r.mwh for r in self.scs):
            yield Violation("CALC-RANGE", "Nobody has any of the three measures.", column="scs")


class DefaultLossOutputs(Outputs):
    """Each SC's part; the parts add up to the loss."""

    shares: dict[str, Usd] = field("Each SC's part.", unit="$")


def default_loss(given: DefaultLossInputs) -> dict[str, Any]:
    """Share a loss (see ``loss_shares``)."""
    rows = [
        Measures(
            r.sc,
            Fraction(r.net_payable_usd),
            Fraction(r.absolute_invoices_usd),
            Fraction(r.mwh),
        )
        for r in given.scs
    ]
    shares = loss_shares(usd_to_cents(given.loss_usd), rows)
    return {"shares": {sc: str(cents_to_usd(part)) for sc, part in sorted(shares.items())}}


DEFAULT_LOSS = Calculator(
    name="default-loss",
    title="Default loss shares",
    meaning="How a loss from a default is shared: 20 % by amounts payable to each SC, 30 % by "
    "absolute invoices, 50 % by activity in MWh.",
    inputs=DefaultLossInputs,
    outputs=DefaultLossOutputs,
    example={
        "loss_usd": "250000.00",
        "scs": [
            {"sc": "A", "net_payable_usd": "400", "absolute_invoices_usd": "900", "mwh": "30"},
            {"sc": "B", "net_payable_usd": "100", "absolute_invoices_usd": "600", "mwh": "50"},
            {"sc": "C", "net_payable_usd": "0", "absolute_invoices_usd": "500", "mwh": "20"},
        ],
    },
    compute=default_loss,
    requirements=("BRQ-1401",),
)
