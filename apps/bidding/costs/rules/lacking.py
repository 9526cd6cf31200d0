"""What a default energy bid cannot be calculated without, beside its curve and its fuel."""

from __future__ import annotations

from apps.bidding.costs.codes import ALLOWANCES, AUCTIONS, RATES
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation


@implements("BRQ-0065", "BRQ-0066", source="RA rule book 3.2")
def lacking_of_bid(*, gmc: bool, vom: bool, allowance: bool, emits: bool) -> list[Violation]:
    """Return which parts of a bid are not on file; with any of them there is no bid.

    gmc, vom, allowance: whether a rate or price is on file; a rate of 0 is on file. emits: whether
    the curve's energy needs allowances (an obligation, an emission rate above 0, heat rates).
    *Interpretation*: a part that is not known is not 0, so the bid is held as it is without a fuel
    price; opportunity cost without an approved adder is none, as it is granted case by case.
    """
    found = []
    if not gmc:
        found.append(_rate("GMC"))
    if not vom:
        found.append(_rate("VOM"))
    if emits and not allowance:
        found.append(
            Violation(
                "RMR-E-0065G",
                "No allowance price is on file on or before the day, and the energy needs "
                f"allowances. No bid is calculated. Send {ALLOWANCES.title} or {AUCTIONS.title}.",
            )
        )
    return found


def _rate(name: str) -> Violation:
    of = "" if name == "GMC" else ", of the resource or common"
    return Violation(
        "RMR-E-0065R",
        f"No {name} rate is on file{of}. No bid is calculated. Send the file {RATES.title}, also "
        "where the rate is 0.",
    )
