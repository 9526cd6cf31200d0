"""An SC's own bids: checked, held against cost, kept; a newer one stands before an older."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction

from apps.bidding.bids.codes import BIDDERS, SERVICES
from apps.bidding.bids.models import Bid, BidFile
from apps.bidding.bids.rules import (
    BID_PARAMETERS,
    COST_CHECK,
    COST_TOLERANCE,
    DAYS_AHEAD,
    BidStep,
    check_cost_based,
    check_curve,
)
from apps.bidding.costs.rules import market_close
from apps.bidding.costs.selectors import approved_energy, deb_steps
from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.core.effective import ParameterMissing, ParameterSet
from apps.platform.core.quantity import MW, USD, USD_PER_MWH, Quantity, parse_decimal, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, Span, TradeDay, is_plausible
from apps.platform.core.violations import Severity, ValidationFailed, Violation
from apps.platform.parameters.selectors import parameter_set
from apps.reference.masterfile.selectors import configuration_limits
from apps.reference.resources.selectors import did_you_mean, resource_facts
from apps.reliability.designations.selectors import vintages_on

Row = Mapping[str, Any]
MOST = 1_000_000


@dataclass(frozen=True)
class BidInput:
    """A bid as typed: hours from first to last (None: to the end of the day), texts of numbers."""

    market: str
    resource: str
    trade_date: date
    first_hour: int = 1
    last_hour: int | None = None
    config: str = ""
    energy: Sequence[Sequence[str]] = ()
    services: Sequence[Row] = ()
    ruc_mw: Decimal | None = None
    self_schedule_mw: Decimal | None = None
    startup: Decimal | None = None
    min_load: Decimal | None = None
    transitions: Sequence[Row] = ()


@dataclass
class Checked:
    """A bid that was looked at: what is on file of its resource, and every violation."""

    given: BidInput
    resource_id: int = 0
    vintage: str = ""
    last_hour: int = 0
    steps: list[BidStep] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    @property
    def errors(self) -> list[Violation]:
        """What keeps the bid from being taken."""
        return [f for f in self.violations if f.severity is Severity.ERROR]


def rules_on(day: date) -> ParameterSet:
    """Return the parameters of bids on a day as known now."""
    return parameter_set(
        parameters=BID_PARAMETERS, span=Span.through(day, day), known_at=FAR_MOMENT
    )


def fits(value: Decimal, unit: Quantity) -> bool:
    """Whether a number can be kept in a unit: its decimals, and below a million."""
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= unit.places and abs(value) < MOST


def steps_of(energy: Sequence[Sequence[str]]) -> tuple[list[BidStep], list[Violation]]:
    """Return the steps of a curve of texts, and violations for what is no number."""
    steps, found = [], []
    for number, row in enumerate(energy, 1):
        values = [parse_decimal(str(v)) for v in row]
        if len(values) != 3 or any(v is None for v in values):
            found.append(
                Violation(
                    "BID-NUMBER",
                    f"Segment {number} is written from MW, to MW, $/MWh, such as 10 30 39.00.",
                    column="energy",
                )
            )
            continue
        low, high, price = (v or Decimal(0) for v in values)
        if not (fits(low, MW) and fits(high, MW) and fits(price, USD_PER_MWH)):
            found.append(
                Violation(
                    "BID-DECIMALS",
                    f"Segment {number}: MW hold at most {MW.places} "
                    f"decimals, prices {USD_PER_MWH.places}, below 1,000,000.",
                    column="energy",
                )
            )
            continue
        steps.append(BidStep(low, high, price))
    return steps, found


def check_bid(given: BidInput, party_id: int | None, at: datetime) -> Checked:
    """Return everything that is to be said of a bid, without keeping it."""
    done = Checked(given)
    if not is_plausible(given.trade_date):
        done.violations.append(
            Violation("BID-DATE", "The date must lie between 1800 and 2199.", column="trade_date")
        )
        return done
    facts = resource_facts(code=given.resource, days=(given.trade_date,), known_at=FAR_MOMENT)
    if facts.resource_id is None or facts.sc_id != party_id:
        done.violations.append(
            Violation(
                "BID-RES",
                f"{given.resource} is no resource of yours on {given.trade_date}."
                f"{did_you_mean(given.resource)}",
                column="resource",
            )
        )
        return done
    done.resource_id = facts.resource_id
    done.vintage = vintages_on(given.trade_date, FAR_MOMENT).get(facts.resource_id, ("", None))[0]
    if not done.vintage:
        done.violations.append(
            Violation(
                "BID-RMR",
                f"{given.resource} is under no RMR contract on {given.trade_date}; "
                "its bids do not come here.",
                column="resource",
            )
        )
    pmax, known = _limits(given, facts.pmax_mw or Decimal(0), facts.resource_id)
    if not known:
        done.violations.append(
            Violation(
                "BID-CONFIG",
                f"{given.resource} has no configuration {given.config}.",
                column="config",
            )
        )
    try:
        params = rules_on(given.trade_date)
        _time(done, params, at)
        _content(done, pmax)
        _cost(done, params)
    except ParameterMissing as trouble:
        done.violations.append(Violation("BID-PARAMETER", str(trouble), column="trade_date"))
    return done


def _limits(given: BidInput, pmax: Decimal, resource_id: int) -> tuple[Decimal, bool]:
    if not given.config:
        return pmax, True
    limits = configuration_limits(resource_id, given.trade_date)
    return limits.get(given.config, pmax), given.config in limits


def _time(done: Checked, params: ParameterSet, at: datetime) -> None:
    given, day = done.given, done.given.trade_date
    hours = TradeDay(day).hour_count
    done.last_hour = given.last_hour or hours
    if not 1 <= given.first_hour <= done.last_hour <= hours:
        done.violations.append(
            Violation("BID-HOURS", f"{day} has trade hours 1 to {hours}.", column="first_hour")
        )
        return
    close = market_close(given.market, day, given.first_hour, params)
    if at >= close:
        done.violations.append(
            Violation(
                "BID-CLOSED",
                f"{given.market} of HE{given.first_hour} of {day} closed "
                f"{close.astimezone(PACIFIC):%Y-%m-%d %H:%M} Pacific.",
                column="first_hour",
            )
        )
    ahead = params.at(DAYS_AHEAD, day)
    if day > at.astimezone(PACIFIC).date() + timedelta(days=ahead):
        done.violations.append(
            Violation("BID-EARLY", f"Bids are taken up to {ahead} days ahead.", column="trade_date")
        )


def _content(done: Checked, pmax: Decimal) -> None:
    given = done.given
    done.steps, found = steps_of(given.energy)
    found += check_curve(done.steps, pmax_mw=pmax)
    for name in ("ruc_mw", "self_schedule_mw"):
        value = getattr(given, name)
        if value is not None and not 0 <= value <= pmax:
            found.append(
                Violation(
                    "BID-PMAX",
                    f"{plain(value)} MW is outside 0 to Pmax {plain(pmax)} MW.",
                    column=name,
                )
            )
    for name in ("startup", "min_load"):
        value = getattr(given, name)
        if value is not None and value < 0:
            found.append(Violation("BID-COST", "A commitment cost is not below 0.", column=name))
    if given.market == "RT" and given.ruc_mw is not None:
        found.append(
            Violation("BID-RUC", "RUC is bid in the day-ahead market only.", column="ruc_mw")
        )
    found += _services(given, pmax)
    found += _transitions(given)
    empty = not (done.steps or given.services or given.transitions) and all(
        getattr(given, n) is None for n in ("ruc_mw", "self_schedule_mw", "startup", "min_load")
    )
    if empty and not found:
        found.append(Violation("BID-EMPTY", "The bid holds nothing.", column="energy"))
    done.violations += found


def _services(given: BidInput, pmax: Decimal) -> list[Violation]:
    found: list[Violation] = []
    seen = set()
    for row in given.services:
        product, mw = str(row.get("product", "")), parse_decimal(str(row.get("mw", "")))
        price = parse_decimal(str(row.get("usd_mw", "0")))
        wrong = product not in SERVICES or mw is None or price is None or product in seen
        wrong = wrong or not (fits(mw or Decimal(0), MW) and fits(price or Decimal(0), USD_PER_MWH))
        if wrong or not 0 <= (mw or 0) <= pmax or (price or 0) < 0:
            found.append(
                Violation(
                    "BID-AS",
                    f"An ancillary service is one of {', '.join(SERVICES)}, once, "
                    f"with MW from 0 to {plain(pmax)} and a price not below 0.",
                    column="services",
                    value=product[:40],
                )
            )
        seen.add(product)
    return found


def _transitions(given: BidInput) -> list[Violation]:
    found = []
    for row in given.transitions:
        usd = parse_decimal(str(row.get("usd", "")))
        to = str(row.get("to", ""))
        if usd is None or usd < 0 or not fits(usd, USD) or not 0 < len(to) <= 40:
            found.append(
                Violation(
                    "BID-TRANSITION",
                    "A transition names a configuration and dollars and cents not below 0.",
                    column="transitions",
                )
            )
    return found


def _cost(done: Checked, params: ParameterSet) -> None:
    """Hold the curve against cost: the bid of the day's run, or an approved ex-ante value.

    Legacy resources bid by the rules they always had (BRQ-0500).
    """
    if done.errors or not done.steps or done.vintage != "NEW":
        return
    given, day = done.given, done.given.trade_date
    cost = [
        BidStep(d.from_mw, d.to_mw, d.published)
        for d in deb_steps(done.resource_id, day, given.config)
    ]
    granted = approved_energy(
        done.resource_id, day, given.market, given.config, given.first_hour, done.last_hour
    )
    raised = [
        BidStep(
            s.from_mw,
            s.to_mw,
            max([s.price, *(p for mw, p in granted if s.from_mw <= mw <= s.to_mw)]),
        )
        for s in cost
    ]
    done.violations += check_cost_based(
        done.steps,
        raised,
        tolerance=params.at(COST_TOLERANCE, day),
        refuse=params.at(COST_CHECK, day) == "REFUSE",
    )


@implements("BRQ-0520", "BRQ-0525", source="BRS 1.2 section 6.3.1")
@transaction.atomic
def submit_bid(*, given: BidInput, actor: User, at: datetime) -> Bid:
    """Take a bid of an SC for its own RMR resource; raises ValidationFailed with everything against
    it.
    """
    viewer = actor.viewer()
    if not viewer.may(BIDDERS):
        raise ValidationFailed.because("BID-ROLE", "Your roles do not allow you to bid.")
    done = check_bid(given, viewer.party_id, at)
    if done.errors:
        raise ValidationFailed(done.errors)
    bid = keep_bid(done, actor=actor, at=at)
    log_event(
        action="bids.bid.opened",
        actor=actor,
        at=at,
        subject=bid,
        sentence=f"{given.resource} {given.market} {given.trade_date} HE{bid.first_hour} to "
        f"HE{bid.last_hour} {given.config}: {len(done.steps)} energy segments",
    )
    return bid


def keep_bid(done: Checked, *, actor: User, at: datetime, bid_file: BidFile | None = None) -> Bid:
    """Keep a bid that was checked."""
    given, sc_id = done.given, actor.viewer().own_party
    with pghistory.context(user=actor.pk):
        return Bid.objects.create(
            state=Bid.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=done.resource_id,
            sc_id=sc_id,
            market=given.market,
            trade_date=given.trade_date,
            first_hour=given.first_hour,
            last_hour=done.last_hour,
            config=given.config,
            energy=[list(map(str, row)) for row in given.energy],
            services=[dict(row) for row in given.services],
            ruc_mw=given.ruc_mw,
            self_schedule_mw=given.self_schedule_mw,
            startup=given.startup,
            min_load=given.min_load,
            transitions=[dict(row) for row in given.transitions],
            bid_file=bid_file,
            remarks=[f.as_dict() for f in done.violations],
        )


@transaction.atomic
def withdraw_bid(*, case_id: int, actor: User, at: datetime, note: str = "") -> Bid:
    """Take a bid back before its market closes."""
    bid = Bid.objects.get(pk=case_id)
    params = rules_on(bid.trade_date)
    close = market_close(bid.market, bid.trade_date, bid.first_hour, params)
    if at >= close:
        raise MoveRefused("The market of its first hour has closed; a bid cannot be taken back.")
    return transition(
        bid, action="withdraw", actor=actor, at=at, note=note, set_fields={"withdrawn_at": at}
    )
