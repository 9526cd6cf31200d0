"""Bid insertion: what the ISO adds to the bids of an RMR resource in an hour, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements

ZERO = Decimal(0)


@dataclass(frozen=True)
class BidStep:
    """A step of an energy curve: MW from and to, $/MWh, and whose it is (SC or ISO)."""

    from_mw: Decimal
    to_mw: Decimal
    price: Decimal
    source: str = "SC"


@dataclass(frozen=True)
class Service:
    """A row of ancillary service: MW, $/MW, and whose it is."""

    product: str
    mw: Decimal
    price: Decimal
    source: str = "SC"


@dataclass(frozen=True)
class Unit:
    """What is bid: a resource, or one of its configurations (MW)."""

    pmin_mw: Decimal
    pmax_mw: Decimal
    cost: Sequence[BidStep]


@dataclass(frozen=True)
class Hour:
    """A resource in an hour: vintage NEW or LEGACY, MOO code, application flag, MW out.

    ``owed_mw``: capacity under contract on the day; None where only Pmax is known.
    """

    vintage: str
    moo: str
    flag: str
    market: str
    pmax_mw: Decimal
    outage_mw: Decimal = ZERO
    owed_mw: Decimal | None = None

    @property
    def obligation_mw(self) -> Decimal:
        """What the resource owes in the hour: its capacity under contract, of what runs."""
        runs = max(ZERO, self.pmax_mw - self.outage_mw)
        return runs if self.owed_mw is None else min(self.owed_mw, runs)


@dataclass(frozen=True)
class Submitted:
    """What the SC bid for a unit and hour; ``ruc_mw`` None: no RUC bid."""

    energy: Sequence[BidStep] = ()
    ruc_mw: Decimal | None = None
    services: Sequence[Service] = ()
    self_schedule_mw: Decimal = ZERO

    @property
    def offered_mw(self) -> Decimal:
        """The last megawatt that is bid or self-scheduled."""
        return max([self.self_schedule_mw, *(s.to_mw for s in self.energy)])


@dataclass(frozen=True)
class Filled:
    """What stands after insertion: the SC's part untouched, the ISO's appended."""

    energy: tuple[BidStep, ...]
    ruc: tuple[Decimal, str] | None
    services: tuple[Service, ...]
    shortfall_mw: Decimal
    reason: str

    @property
    def inserted(self) -> bool:
        """Whether the ISO added anything."""
        added = [*(s.source for s in self.energy), *(s.source for s in self.services)]
        added += [self.ruc[1]] if self.ruc is not None else []
        return "ISO" in added


@implements("BRQ-0260", "BRQ-0500", "BRQ-0505", "BRQ-0520", source="BRS 1.2 Appendix 2")
def no_insertion_because(hour: Hour, pmin_mw: Decimal) -> str:
    """Return why nothing is inserted in an hour, or nothing where insertion is due."""
    if hour.vintage != "NEW":
        return "Legacy RMR: never inserted."
    if hour.moo != "R":
        return "Not MOO-qualified (use-limited or conditionally available): never inserted."
    if hour.flag != "Y":
        return "The bid insertion flag is N."
    if hour.obligation_mw == 0:
        return "Out of service for the hour: no obligation."
    if hour.obligation_mw < pmin_mw:
        return (
            f"The obligation of {plain(hour.obligation_mw)} MW is below Pmin "
            f"{plain(pmin_mw)} MW: not dispatchable."
        )
    return ""


def shortfall(hour: Hour, offered_mw: Decimal) -> Decimal:
    """Return what the SC left out of its obligation; legacy resources owe no offer (BRQ-0260)."""
    return ZERO if hour.vintage != "NEW" else max(ZERO, hour.obligation_mw - offered_mw)


@implements("BRQ-0520", "BRQ-0523", "MSIM-2000", source="BRS 1.2 sections 6.3.1 and 6.6.1")
def fill_bid(
    hour: Hour, unit: Unit, bid: Submitted, certified: Iterable[tuple[str, Decimal]]
) -> Filled:
    """Return a unit's bid of an hour with whatever the ISO inserts.

    The SC's own part is handed back untouched. Energy is appended from the last megawatt offered,
    or Pmin, to the obligation at the cost curve, never below the SC's last price; RUC (day-ahead)
    and certified services are raised to the obligation at 0 $/MW.
    """
    own_ruc = (bid.ruc_mw, "SC") if bid.ruc_mw is not None else None
    short = shortfall(hour, bid.offered_mw)
    why = no_insertion_because(hour, unit.pmin_mw)
    if why:
        return Filled(tuple(bid.energy), own_ruc, tuple(bid.services), short, why)
    target = min(hour.obligation_mw, unit.pmax_mw)
    said = []
    added = _appended(unit, bid, target)
    if added:
        said.append(f"energy {plain(added[0].from_mw)} to {plain(added[-1].to_mw)} MW")
    ruc = own_ruc
    if hour.market == "DA" and (bid.ruc_mw is None or bid.ruc_mw < target):
        ruc = (target, "ISO")
        said.append(f"RUC {plain(target)} MW")
    services = list(bid.services)
    for product, mw in certified:
        rest = min(mw, target) - sum((s.mw for s in bid.services if s.product == product), ZERO)
        if rest > 0:
            services.append(Service(product, rest, ZERO, "ISO"))
            said.append(f"{product} {plain(rest)} MW")
    told = [f"Inserted: {', '.join(said)}."] if said else []
    if not unit.cost and bid.offered_mw < target:
        told.append("No energy: no cost curve is on file.")
    reason = " ".join(told) or "The bid is complete: nothing inserted."
    return Filled((*bid.energy, *added), ruc, tuple(services), short, reason)


def _appended(unit: Unit, bid: Submitted, target: Decimal) -> list[BidStep]:
    start = bid.offered_mw if bid.offered_mw > 0 else unit.pmin_mw
    if start >= target or not unit.cost:
        return []
    floor = max((s.price for s in bid.energy), default=None)
    curve = list(unit.cost)
    first, last = curve[0], curve[-1]
    if start < first.from_mw:
        curve.insert(0, BidStep(start, first.from_mw, first.price))
    if target > last.to_mw:
        curve.append(BidStep(last.to_mw, target, last.price))
    added: list[BidStep] = []
    for piece in curve:
        low, high = max(start, piece.from_mw), min(target, piece.to_mw)
        if low >= high:
            continue
        price = piece.price if floor is None else max(piece.price, floor)
        if added and added[-1].price == price:  # one step where the price does not change
            low = added.pop().from_mw
        added.append(BidStep(low, high, price, "ISO"))
    return added
