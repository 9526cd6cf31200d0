"""An amount that stays unpaid, shared over all participants by three measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, usd_to_cents
from apps.platform.kernel.rulebook import implements
from apps.platform.kernel.shares import split_cents

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


def default_loss(body: Mapping[str, Any]) -> dict[str, Any]:
    """Share a loss (see ``loss_shares``)."""
    document = Document.open(body, known=("loss_usd", "scs"))
    loss = document.usd("loss_usd")
    rows: list[Measures] = []
    for position, row in enumerate(document.rows("scs")):
        at = f"scs[{position}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be an object.", column=at)
            continue
        sc = document.text(row, "sc", at)
        if any(r.sc == sc for r in rows):
            document.findings.add("CALC-DOUBLE", f"{at}: {sc} stands twice.", column=at)
        figures = [
            Fraction(document.number(row.get(name), f"{at}.{name}", minimum=Decimal(0)))
            for name in ("net_payable_usd", "absolute_invoices_usd", "mwh")
        ]
        rows.append(Measures(sc, *figures))
    if not document.findings.rows and not any(r.payable or r.absolute or r.mwh for r in rows):
        document.findings.add("CALC-RANGE", "Nobody has any of the three measures.", column="scs")
    document.close()
    shares = loss_shares(usd_to_cents(loss), rows)
    return {"shares": {sc: str(cents_to_usd(part)) for sc, part in sorted(shares.items())}}


DEFAULT_LOSS = Calculator(
    name="default-loss",
    title="Default loss shares",
    meaning="How a loss from a default is shared: 20 % by amounts payable to each SC, 30 % by "
    "absolute invoices, 50 % by activity in MWh.",
    inputs=(
        Port("loss_usd", "decimal string", "$", "The loss."),
        Port(
            "scs",
            "list of {sc, net_payable_usd, absolute_invoices_usd, mwh}",
            "$, MWh",
            "Averages over the look-back.",
        ),
    ),
    outputs=(Port("shares", "object of decimal strings", "$", "Each SC's part."),),
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
