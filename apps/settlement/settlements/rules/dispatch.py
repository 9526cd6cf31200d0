"""Energy of an exceptional dispatch: the market price, and the uplift to bid or better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, half_up_cents
from apps.platform.kernel.rulebook import implements

ZERO = Fraction(0)


@dataclass(frozen=True)
class DispatchedEnergy:
    """One interval of exceptional dispatch in exact dollars, statement sign.

    ``cost`` and ``revenue`` are what it brings into the netting of an RMR resource.
    """

    energy: Fraction
    uplift: Fraction
    cost: Fraction
    revenue: Fraction


@implements("BRQ-1260", source="settlement rule book 8.2, 8.3 and 3.6")
def dispatched(
    *, mwh: Fraction, lmp: Fraction, reference: Fraction, opportunity: Fraction, rmr: bool
) -> DispatchedEnergy:
    """Settle exceptional dispatch energy: incremental at bid or better, decremental at the lesser.

    mwh: above zero for incremental. reference: bid, default energy bid or negotiated price, $/MWh.
    opportunity: the OC energy adder, taken out of the reference of new-tariff RMR only. Uplift is
    paid apart; a decremental dispatch is settled in the energy line alone.
    """
    price = reference - opportunity if rmr else reference
    if mwh < 0:
        paid = min(lmp, price)
        return DispatchedEnergy(-mwh * paid, ZERO, mwh * price, mwh * paid)
    gap = max(ZERO, price - lmp)
    return DispatchedEnergy(-mwh * lmp, -mwh * gap, mwh * price, mwh * (lmp + gap))


def exceptional_dispatch(body: Mapping[str, Any]) -> dict[str, Any]:
    """Settle one interval (see ``dispatched``)."""
    document = Document.open(
        body, known=("mwh", "lmp_usd", "reference_usd", "oc_energy_usd", "rmr")
    )
    mwh, lmp, reference = (
        Fraction(document.number(document.get(f), f)) for f in ("mwh", "lmp_usd", "reference_usd")
    )
    opportunity = Fraction(
        document.number(document.get("oc_energy_usd"), "oc_energy_usd", minimum=Decimal(0))
    )
    rmr = document.get("rmr")
    if "rmr" in body and not isinstance(rmr, bool):
        document.findings.add("CALC-CHOICE", "rmr must be true or false.", column="rmr")
    document.close()
    done = dispatched(mwh=mwh, lmp=lmp, reference=reference, opportunity=opportunity, rmr=rmr)
    return {
        "energy_usd": str(cents_to_usd(half_up_cents(done.energy))),
        "uplift_usd": str(cents_to_usd(half_up_cents(done.uplift))),
    }


EXCEPTIONAL_DISPATCH = Calculator(
    name="exceptional-dispatch",
    title="Exceptional dispatch",
    meaning="Energy of an exceptional dispatch at the market price, and its uplift to bid or "
    "better; for new RMR without the opportunity cost adder.",
    inputs=(
        Port("mwh", "decimal string", "MWh", "Above zero: incremental; below: decremental."),
        Port("lmp_usd", "decimal string", "$/MWh", "Price of the interval."),
        Port("reference_usd", "decimal string", "$/MWh", "Bid, default or negotiated price."),
        Port("oc_energy_usd", "decimal string", "$/MWh", "Opportunity cost adder."),
        Port("rmr", "true or false", "", "Whether it is a new-tariff RMR resource."),
    ),
    outputs=(
        Port("energy_usd", "decimal string", "$", "Energy line; negative is a payment."),
        Port("uplift_usd", "decimal string", "$", "Uplift line; negative is a payment."),
    ),
    example={
        "mwh": "10",
        "lmp_usd": "30",
        "reference_usd": "42",
        "oc_energy_usd": "2",
        "rmr": True,
    },
    compute=exceptional_dispatch,
    requirements=("BRQ-1260",),
)
