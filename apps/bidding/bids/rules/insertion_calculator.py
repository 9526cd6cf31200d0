"""The calculator of bid insertion for one resource and hour."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from apps.bidding.bids.codes import SERVICES
from apps.bidding.bids.rules.bid_checks import check_curve
from apps.bidding.bids.rules.insertion import (
    BidStep,
    Filled,
    Hour,
    Service,
    Submitted,
    Unit,
    fill_bid,
)
from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegative,
    OneOf,
    Outputs,
    Row,
    Text,
    Violation,
    field,
)
from apps.platform.core.quantity import plain

HUGE = Decimal(10) ** 15
ServiceName = Annotated[str, OneOf(*SERVICES)]


class SegmentGiven(Row):
    """A segment of a cost curve or of a bid."""

    from_mw: NotNegative = field("Where it begins.", unit="MW")
    to_mw: NotNegative = field("Where it ends.", unit="MW")
    usd_mwh: Amount = field("Its price.", unit="$/MWh")

    def step(self) -> BidStep:
        """Return the segment as the rule takes it."""
        return BidStep(self.from_mw, self.to_mw, self.usd_mwh)


class ServiceGiven(Row):
    """An ancillary service that was bid."""

    product: ServiceName = field("The service.")
    mw: NotNegative = field("Its megawatts.", unit="MW")
    usd_mw: NotNegative = field("Its price.", unit="$/MW")


class BidGiven(Row, extra="forbid"):
    """What the SC bid for the hour."""

    energy: list[SegmentGiven] = field("Segments of its energy bid.", default=[])
    ruc_mw: NotNegative | None = field(
        "RUC availability, null where none.", unit="MW", default=None
    )
    services: list[ServiceGiven] = field("Ancillary services.", alias="as", default=[])


class BidInsertionInputs(Inputs):
    """One resource and hour: its codes, its capacity, its costs and what was bid."""

    vintage: Annotated[str, OneOf("NEW", "LEGACY")] = field("By the contract's effective date.")
    moo: Annotated[str, OneOf("R", "N")] = field("Must-offer code of the Master File.")
    flag: Annotated[str, OneOf("Y", "N")] = field("Bid insertion flag of the application.")
    market: Annotated[str, OneOf("DA", "RT")] = field("Day-ahead or real-time.")
    pmax_mw: NotNegative = field("RMR capacity.", unit="MW")
    pmin_mw: NotNegative = field("Least output.", unit="MW")
    outage_mw: NotNegative = field("Out of service in the hour.", unit="MW")
    cost_segments: list[SegmentGiven] = field("The cost curve.")
    certified_as_mw: dict[str, NotNegative] = field("Certified MW by ancillary service.", unit="MW")
    submitted: BidGiven = field("What the SC bid; ruc_mw may be null.")

    def check(self) -> Iterable[Violation]:
        """Return unknown services, and what is wrong with the curves."""
        for product in self.certified_as_mw:
            if product not in SERVICES:
                yield Violation(
                    "CALC-CHOICE",
                    f"certified_as_mw names {product[:40]!r}; the services are "
                    f"{', '.join(SERVICES)}.",
                    column="certified_as_mw",
                )
        if self.pmin_mw > self.pmax_mw:
            yield Violation("CALC-RANGE", "pmin_mw exceeds pmax_mw.", column="pmin_mw")
        yield from check_curve([s.step() for s in self.submitted.energy], pmax_mw=HUGE)
        yield from check_curve([s.step() for s in self.cost_segments], pmax_mw=HUGE)


class FilledSegment(Row, extra="forbid"):
    """A segment of the bid as it is filled."""

    from_mw: Amount = field("Where it begins.", unit="MW")
    to_mw: Amount = field("Where it ends.", unit="MW")
    usd_mwh: Amount = field("Its price.", unit="$/MWh")
    source: Text = field("The SC or the ISO.")


class FilledRuc(Row, extra="forbid"):
    """RUC availability as it is filled."""

    mw: Amount = field("Its megawatts.", unit="MW")
    usd_mw: Amount = field("Its price, always 0.", unit="$/MW")
    source: Text = field("The SC or the ISO.")


class FilledService(Row, extra="forbid"):
    """An ancillary service as it is filled."""

    product: ServiceName = field("The service.")
    mw: Amount = field("Its megawatts.", unit="MW")
    usd_mw: Amount = field("Its price.", unit="$/MW")
    source: Text = field("The SC or the ISO.")


class BidInsertionOutputs(Outputs):
    """The bid as it goes to the market, and what is owed."""

    ra_obligation_mw: Amount = field("Pmax less outage.", unit="MW")
    energy: list[FilledSegment] = field("All segments, each of the SC or the ISO.")
    ruc: FilledRuc | None = field("RUC availability, at 0 $/MW.")
    services: list[FilledService] = field(
        "All ancillary services, each of the SC or the ISO.", alias="as"
    )
    shortfall_mw: Amount = field("What the SC left out of its obligation.", unit="MW")
    reason: str = field("Why this was inserted, or nothing.")


def bid_insertion(given: BidInsertionInputs) -> dict[str, Any]:
    """Fill the bid of one resource and hour (see ``fill_bid``)."""
    hour = Hour(
        vintage=given.vintage,
        moo=given.moo,
        flag=given.flag,
        market=given.market,
        pmax_mw=given.pmax_mw,
        outage_mw=given.outage_mw,
    )
    bid = Submitted(
        [s.step() for s in given.submitted.energy],
        given.submitted.ruc_mw,
        [Service(s.product, s.mw, s.usd_mw) for s in given.submitted.services],
    )
    unit = Unit(given.pmin_mw, given.pmax_mw, [s.step() for s in given.cost_segments])
    return _answer(hour, fill_bid(hour, unit, bid, list(given.certified_as_mw.items())))


def _answer(hour: Hour, done: Filled) -> dict[str, Any]:
    return {
        "ra_obligation_mw": plain(hour.obligation_mw),
        "energy": [
            {
                "from_mw": plain(s.from_mw),
                "to_mw": plain(s.to_mw),
                "usd_mwh": f"{s.price:f}",
                "source": s.source,
            }
            for s in done.energy
        ],
        "ruc": None
        if done.ruc is None
        else {"mw": plain(done.ruc[0]), "usd_mw": "0", "source": done.ruc[1]},
        "as": [
            {"product": s.product, "mw": plain(s.mw), "usd_mw": f"{s.price:f}", "source": s.source}
            for s in done.services
        ],
        "shortfall_mw": plain(done.shortfall_mw),
        "reason": done.reason,
    }


BID_INSERTION = Calculator(
    name="bid-insertion",
    title="Bid insertion",
    meaning="What the ISO adds to the bid of an RMR resource in an hour, what is owed, and why.",
    inputs=BidInsertionInputs,
    outputs=BidInsertionOutputs,
    example={
        "vintage": "NEW",
        "moo": "R",
        "flag": "Y",
        "market": "DA",
        "pmax_mw": "49.2",
        "pmin_mw": "10",
        "outage_mw": "0",
        "cost_segments": [{"from_mw": "10", "to_mw": "49.2", "usd_mwh": "41.20"}],
        "certified_as_mw": {"SPIN": "15", "REGUP": "8"},
        "submitted": {
            "energy": [{"from_mw": "10", "to_mw": "30", "usd_mwh": "39.00"}],
            "ruc_mw": None,
            "as": [],
        },
    },
    compute=bid_insertion,
    requirements=("BRQ-0260", "BRQ-0520", "MSIM-2000"),
)
