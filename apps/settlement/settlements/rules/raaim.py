"""RAAIM of a month: charges, the pool, what it pays, and what is carried through the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from apps.platform.core.money import half_up_cents
from apps.platform.core.rulebook import implements
from apps.platform.core.shares import split_cents

PRICED_BY_CONTRACT = "RMR"
NOT_ASSESSED = "RMRL"
ZERO = Fraction(0)


@dataclass(frozen=True)
class RaaimParameters:
    """The dated figures of a month: bounds of availability, RAAIM price, and the cap on the rate.

    price: $/kW-month. cap: how many times that price the rate may be.
    """

    lower: Fraction
    upper: Fraction
    price: Fraction
    cap: Fraction

    @property
    def rate_cap(self) -> Fraction:
        """The greatest rate in $/MW-month."""
        return self.cap * self.price * 1000


@dataclass(frozen=True)
class Assessed:
    """What one SC's share of a resource and RA type owed and lost over a month's assessed hours.

    owed, lost: MWh as exact numbers. hours: all assessment hours of the month. price: contract
    price of new-tariff RMR in $/MW-day, None for RA and CPM, which pay the RAAIM price. charged,
    earning: parts of the average that bear a charge or share the pool.
    """

    key: str
    owed: Fraction
    lost: Fraction
    hours: int
    days: int
    price: Fraction | None = None
    charged: Fraction = Fraction(1)
    earning: Fraction = Fraction(1)

    @property
    def share(self) -> Fraction:
        """Availability, from 0 to 1."""
        return 1 - self.lost / self.owed

    @property
    def average(self) -> Fraction:
        """Average obligation in MW over all assessment hours."""
        return self.owed / self.hours

    def monthly_price(self, terms: RaaimParameters) -> Fraction:
        """Return what a missing megawatt costs for the month, $/MW."""
        return terms.price * 1000 if self.price is None else self.price * self.days


@implements("BRQ-1240", "MSIM-2020", source="settlement rule book 5.3")
def charge_of(one: Assessed, terms: RaaimParameters) -> Fraction:
    """Return the exact charge in dollars: nothing at the lower bound, more below it."""
    short = max(terms.lower - one.share, ZERO)
    return short * one.average * one.charged * one.monthly_price(terms)


@implements("BRQ-1240", source="settlement rule book 5.3")
def eligible_of(one: Assessed, terms: RaaimParameters) -> Fraction:
    """Return the megawatts that share the pool: nothing at the upper bound, more above it."""
    return max(one.share - terms.upper, ZERO) * one.average * one.earning


@dataclass(frozen=True)
class RaaimMonth:
    """A month settled, in cents: charges above zero, payments below, and what is carried on."""

    charges: Mapping[str, int]
    payments: Mapping[str, int]
    pool: int
    rate: Fraction
    carried_over: int


@implements("BRQ-1240", source="settlement rule book 5.3")
def settle_month(rows: Sequence[Assessed], terms: RaaimParameters, carried_in: int) -> RaaimMonth:
    """Charge who fell short, pay who did better from the pool, carry what the cap holds back.

    carried_in: cents carried over from the month before. Every resource, RMR included, is paid at
    one rate: the pool over all eligible megawatts, at most the cap. Charges are rounded half up to
    cents one by one; below the cap the payments use up the pool to the cent by largest remainder.
    """
    charges = {r.key: half_up_cents(charge_of(r, terms)) for r in rows if r.owed > 0}
    eligible = {r.key: eligible_of(r, terms) for r in rows if r.owed > 0}
    pool = sum(charges.values()) + carried_in
    total = sum(eligible.values(), ZERO)
    if total == 0:
        return RaaimMonth(charges, {}, pool, ZERO, pool)
    even = Fraction(pool, 100) / total
    rate = min(even, terms.rate_cap)
    if even <= terms.rate_cap:
        scale = 1
        for mw in eligible.values():
            scale = lcm(scale, mw.denominator)
        paid = split_cents(pool, {k: int(mw * scale) for k, mw in eligible.items()})
    else:
        paid = {k: half_up_cents(mw * rate) for k, mw in eligible.items()}
    payments = {k: -cents for k, cents in paid.items() if eligible[k] > 0}
    return RaaimMonth(charges, payments, pool, rate, pool + sum(payments.values()))


@dataclass(frozen=True)
class PoolMonth:
    """One month of the pool in cents: what was paid out and what is left."""

    month: str
    payment: int
    carried_over: int


@implements("BRQ-1240", source="settlement rule book 5.3: carried through the year")
def carry_chain(months: Sequence[tuple[str, int, int]]) -> tuple[list[PoolMonth], int]:
    """Pay (month, charges, payable at the cap) in order; return the months and what is left over.

    In cents. January starts at zero; what December leaves goes to load, and is returned.
    """
    found: list[PoolMonth] = []
    carried_over = residue = 0
    for month, charges, payable in months:
        if month.endswith("-01") and found:
            residue, carried_over = residue + carried_over, 0
        pool = carried_over + charges
        payment = min(pool, payable)
        carried_over = pool - payment
        found.append(PoolMonth(month, payment, carried_over))
    return found, residue + carried_over


def months_in_the_pool(day: date, *, carries: bool, begins: date) -> list[date]:
    """Return the first days of the months that the pool of a day's month is made of, in order.

    Its own month, and where ``carries`` the earlier ones of its year from the month of ``begins``
    on: those before were settled elsewhere (decision G36, *Interpretation*).
    """
    first = max(1, begins.month) if begins.year == day.year else 1
    if not carries or begins > day:
        first = day.month
    return [date(day.year, number, 1) for number in range(min(first, day.month), day.month + 1)]
