"""What of a cost on a trade date is recovered, with the numbers of every interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apps.platform.core.money import half_up_cents
from apps.platform.core.quantity import MW, MWH, USD_PER_MWH
from apps.platform.core.rulebook import implements
from apps.settlement.cost_recovery.rules.fuel import LITERAL, recovered

GAS = "GAS"
ZERO = Fraction(0)


@dataclass(frozen=True)
class Claim:
    """A cost of a request for hours of a trade date, in cents: as claimed, or as approved.

    ``basis``: the ISO's cost basis as the reviewer set it in $/MWh; None for the daily one.
    """

    request: int
    item: int
    kind: str
    resource_id: int
    first_hour: int
    last_hour: int
    cents: int
    basis: Fraction | None = None

    @property
    def label(self) -> str:
        """The name under which its request stands on lines."""
        return f"CR {self.request}"


@dataclass(frozen=True)
class Interval:
    """Metered energy of a 5-minute interval and the real-time LMP, in stored steps."""

    hour_ending: int
    number: int
    mwh: int
    lmp: int


@dataclass(frozen=True)
class Worked:
    """An interval in the formula: MWh, then basis, actual cost and LMP in $/MWh, and dollars."""

    hour_ending: int
    number: int
    mwh: Fraction
    basis: Fraction
    actual: Fraction
    lmp: Fraction
    usd: Fraction


@dataclass(frozen=True)
class Recoverable:
    """What a claim recovers: exact dollars, None where it cannot be said; and why."""

    claim: Claim
    usd: Fraction | None
    sentence: str
    mwh: Fraction = ZERO
    actual: Fraction | None = None
    intervals: tuple[Worked, ...] = ()

    @property
    def cents(self) -> int:
        """The dollars in whole cents, half up; shown only, the line is rounded as a sum."""
        return half_up_cents(self.usd or ZERO)


Segments = Sequence[tuple[int, int]]
"""Upper end of each step of a cost basis in stored MW steps, and its price."""


def basis_at(mwh: int, segments: Segments) -> Fraction | None:
    """Return the cost basis in $/MWh at the output of a 5-minute interval; None without one.

    mwh: stored steps. The price is that of the first step that reaches twelve times the energy,
    or of the last one. *Interpretation*: the marginal step of the interval, not an average.
    """
    if not segments:
        return None
    output = Fraction(mwh * 12, MWH.scale)
    price = next((p for to, p in segments if Fraction(to, MW.scale) >= output), segments[-1][1])
    return Fraction(price, USD_PER_MWH.scale)


@implements("BRQ-1275", "BRQ-1270", source="BRS 1.2 section 6.4.1; settlement rule book 10.3")
def recoverable(
    claim: Claim, intervals: Iterable[Interval], segments: Segments, reading: str = LITERAL
) -> Recoverable:
    """Return what a claim recovers. Gas: by interval, by the reading; others: as they are.

    *Interpretation*: a gas cost is spread evenly over the energy metered in its hours, which gives
    the actual cost of each MWh. Repair and motoring have no LMP test.
    """
    if claim.kind != GAS:
        return Recoverable(claim, Fraction(claim.cents, 100), "A fixed amount, recovered as it is.")
    burnt = [
        i for i in intervals if claim.first_hour <= i.hour_ending <= claim.last_hour and i.mwh > 0
    ]
    total = sum((Fraction(i.mwh, MWH.scale) for i in burnt), ZERO)
    if not total:
        return Recoverable(
            claim, ZERO, "No energy was metered in these hours, so no gas was burnt for any."
        )
    if claim.basis is None and not segments:
        return Recoverable(
            claim,
            None,
            "The ISO has no cost basis for this day; the reviewer has to set one.",
            total,
        )
    actual = Fraction(claim.cents, 100) / total
    rows = []
    for i in burnt:
        basis = claim.basis if claim.basis is not None else basis_at(i.mwh, segments)
        mwh, lmp = Fraction(i.mwh, MWH.scale), Fraction(i.lmp, USD_PER_MWH.scale)
        usd = recovered(mwh, basis=basis or ZERO, actual=actual, lmp=lmp, reading=reading)
        rows.append(Worked(i.hour_ending, i.number, mwh, basis or ZERO, actual, lmp, usd))
    return Recoverable(
        claim, sum((r.usd for r in rows), ZERO), FORMULAS[reading], total, actual, tuple(rows)
    )


FORMULAS: Mapping[str, str] = {
    "LITERAL": "Σ MWh × max(0, min(Actual, LMP) − Basis)",
    "UNCOVERED": "Σ MWh × max(0, Actual − max(Basis, LMP))",
}
