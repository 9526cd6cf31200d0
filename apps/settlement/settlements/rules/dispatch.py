"""Energy of an exceptional dispatch: the market price, and the uplift to bid or better."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Flag,
    Inputs,
    NotNegative,
    Outputs,
    Usd,
    field,
)
from apps.platform.core.money import cents_to_usd, half_up_cents
from apps.platform.core.rulebook import implements

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


class ExceptionalDispatchInputs(Inputs):
    """One interval of an exceptional dispatch."""

    mwh: Amount = field("Above zero: incremental; below: decremental.", unit="MWh")
    lmp_usd: Amount = field("Price of the interval.", unit="$/MWh")
    reference_usd: Amount = field("Bid, default or negotiated price.", unit="$/MWh")
    oc_energy_usd: NotNegative = field("Opportunity cost adder.", unit="$/MWh")
    rmr: Flag = field("Whether it is a new-tariff RMR resource.")


class ExceptionalDispatchOutputs(Outputs):
    """The two lines of the interval."""

    energy_usd: Usd = field("Energy line; negative is a payment.", unit="$")
    uplift_usd: Usd = field("Uplift line; negative is a payment.", unit="$")


def exceptional_dispatch(given: ExceptionalDispatchInputs) -> dict[str, Any]:
    """Settle one interval (see ``dispatched``)."""
    done = dispatched(
        mwh=Fraction(given.mwh),
        lmp=Fraction(given.lmp_usd),
        reference=Fraction(given.reference_usd),
        opportunity=Fraction(given.oc_energy_usd),
        rmr=given.rmr,
    )
    return {
        "energy_usd": str(cents_to_usd(half_up_cents(done.energy))),
        "uplift_usd": str(cents_to_usd(half_up_cents(done.uplift))),
    }


EXCEPTIONAL_DISPATCH = Calculator(
    name="exceptional-dispatch",
    title="Exceptional dispatch",
    meaning="Energy of an exceptional dispatch at the market price, and its uplift to bid or "
    "better; for new RMR without the opportunity cost adder.",
    inputs=ExceptionalDispatchInputs,
    outputs=ExceptionalDispatchOutputs,
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
