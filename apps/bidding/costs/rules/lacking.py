"""What a default energy bid cannot be calculated without, beside its curve and its fuel."""

from __future__ import annotations

from decimal import Decimal

from apps.bidding.costs.codes import ALLOWANCES, AUCTIONS, RATES
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation

RATE, PRICE = "RMR-E-0065R", "RMR-E-0065G"
GMC, VOM, ALLOWANCE, EMISSION = "GMC rate", "VOM rate", "allowance price", "emission rate"


def lacking_parts(*, gmc: bool, vom: bool, allowance: bool, emits: bool) -> list[tuple[str, str]]:
    """Return (code, part) of what a bid cannot be without; arguments as for ``lacking_of_bid``."""
    parts = ((RATE, GMC, gmc), (RATE, VOM, vom), (PRICE, ALLOWANCE, allowance or not emits))
    return [(code, part) for code, part, given in parts if not given]


@implements("BRQ-0065", "BRQ-0066", source="RA rule book 3.2")
def lacking_of_bid(*, gmc: bool, vom: bool, allowance: bool, emits: bool) -> list[Violation]:
    """Return which parts of a bid are not on file; with any of them there is no bid.

    gmc, vom, allowance: whether a rate or price is on file; a rate of 0 is on file. emits: whether
    the curve's energy needs allowances (an obligation, an emission rate above 0, heat rates).
    *Interpretation*: a part that is not known is not 0, so the bid is held as it is without a fuel
    price; opportunity cost without an approved adder is none, as it is granted case by case.
    """
    found = lacking_parts(gmc=gmc, vom=vom, allowance=allowance, emits=emits)
    return [Violation(code, SENTENCES[part]) for code, part in found]


@implements("BRQ-0065", "BRQ-0066", source="RA rule book 3.2")
def lacking_of_inputs(
    *, gmc: bool, vom: bool, allowance: bool, emission: Decimal | None, heats: bool
) -> list[tuple[str, str]]:
    """Return (code, part) of what a bid is asked without: the inputs of a calculator left blank.

    emission: the emission rate given, mtCO2e/MMBtu, None where blank; heats: whether the curve has
    heat rates, as only then the energy may need allowances. An emission rate that is not known may
    be above 0, so it is asked for; with 0 no allowance price is needed.
    """
    unknown = [(PRICE, EMISSION)] if heats and emission is None else []
    emits = heats and bool(emission)
    return [*lacking_parts(gmc=gmc, vom=vom, allowance=allowance, emits=emits), *unknown]


SENTENCES = {
    GMC: f"No GMC rate is on file. No bid is calculated. Send the file {RATES.title}, also where "
    "the rate is 0.",
    VOM: "No VOM rate is on file, of the resource or common. No bid is calculated. Send the file "
    f"{RATES.title}, also where the rate is 0.",
    ALLOWANCE: "No allowance price is on file on or before the day, and the energy needs "
    f"allowances. No bid is calculated. Send {ALLOWANCES.title} or {AUCTIONS.title}.",
}
