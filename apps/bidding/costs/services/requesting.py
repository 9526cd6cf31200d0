"""Reference level changes: an SC asks before the market or after; thresholds, caps, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.bidding.costs.models import (
    CommitmentCostLine,
    DebSegment,
    ReferenceLevelRequest,
    RegionScalar,
)
from apps.bidding.costs.rules import (
    CCDEBE_GO_LIVE,
    DA_CLOSE_HOUR,
    HEADROOM,
    RT_CLOSE_MINUTES,
    CommitmentCost,
    CurvePrice,
    Segment,
    commitment_threshold,
    energy_threshold,
    ex_ante_outcome,
    market_close,
    reference_change_findings,
)
from apps.bidding.costs.selectors import sealed_run
from apps.bidding.costs.terms import DAILY_COSTS, REQUESTERS, REVIEWERS, CostType
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.accounts.services import over_the_wall
from apps.platform.audit.services import MoveRefused, knowledge_moment, record, transition
from apps.platform.documents.services import attach
from apps.platform.kernel.effective import ParameterMissing, ParameterSet
from apps.platform.kernel.findings import Finding, Refusal
from apps.platform.kernel.quantity import MW, USD_PER_MWH, plain
from apps.platform.kernel.rulebook import implements
from apps.platform.kernel.tradetime import FAR_MOMENT, PACIFIC, Span, TradeDay, is_plausible
from apps.platform.notices.services import holders, tell
from apps.platform.parameters.selectors import parameter_set
from apps.reference.masterfile.selectors import resources_on_file, version_known
from apps.reference.resources.selectors import did_you_mean, resource_ids, sc_of_resource
from apps.reliability.designations.selectors import vintages_on

UNITS = {CostType.ENERGY: "$/MWh", CostType.START_UP: "$/start", CostType.MIN_LOAD: "$/run-hour"}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class RequestWish:
    """A request as typed; ``at_mw`` is the output an energy cost is asked for."""

    timing: str
    resource: str
    trade_date: date
    market: str
    cost_type: str
    requested: Decimal
    reason: str
    first_hour: int = 1
    last_hour: int | None = None
    at_mw: Decimal | None = None
    config: str = ""
    follows: int | None = None


@dataclass(frozen=True)
class Threshold:
    """A reasonableness threshold with the numbers it came of; none without a calculated cost."""

    amount: Decimal | None
    sentence: str


@implements("BRQ-0090", "BRQ-0091", source="BRS 1.2 section 6.1.2")
@transaction.atomic
def request_change(*, wish: RequestWish, actor: User, at: datetime) -> ReferenceLevelRequest:
    """File a request for one's own resource; ex-ante it is decided at once by the threshold.

    Ex-ante: accepted up to the threshold, capped at it above. Ex-post waits for a person with the
    documents. Raises Refusal before the go-live date, for Condition 2, for another's resource.
    """
    viewer = actor.viewer()
    if not viewer.may(REQUESTERS):
        raise Refusal.because("COST-ROLE", "Your roles do not allow you to file requests.")
    if not is_plausible(wish.trade_date):
        raise Refusal.because("COST-DATE", "The date must lie between 1800 and 2199.", "trade_date")
    key = resource_ids({wish.resource}).get(wish.resource)
    own = key and sc_of_resource(key, wish.trade_date, FAR_MOMENT) == viewer.party_id
    if not key or not own:
        raise Refusal.because(
            "COST-RES",
            f"{wish.resource} is no resource of yours on {wish.trade_date}."
            f"{did_you_mean(wish.resource)}",
            "resource",
        )
    found = _against(wish, key, at)
    if found:
        raise Refusal(found)
    known = threshold_of(wish, key)
    if known.amount is None and wish.timing == "EX_ANTE":
        raise Refusal.because("COST-NONE", known.sentence, "trade_date")
    last = wish.last_hour or TradeDay(wish.trade_date).hour_count
    with pghistory.context(user=actor.pk):
        case = ReferenceLevelRequest.objects.create(
            state=ReferenceLevelRequest.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=key,
            sc_id=viewer.party_id,
            timing=wish.timing,
            trade_date=wish.trade_date,
            market=wish.market,
            first_hour=wish.first_hour,
            last_hour=last,
            cost_type=wish.cost_type,
            config=wish.config.strip(),
            at_mw=wish.at_mw,
            requested=wish.requested,
            threshold=known.amount,
            unit=UNITS[CostType(wish.cost_type)],
            reason=wish.reason.strip(),
            follows=_followed(wish, viewer.party_id),
        )
    record(
        action="costs.referencelevelrequest.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{wish.resource} {wish.trade_date} {wish.timing}: {wish.cost_type} "
        f"{plain(wish.requested)} {case.unit}",
    )
    if wish.timing == "EX_ANTE" and known.amount is not None:
        return _decide_at_once(case, known, at)
    tell(
        holders(REVIEWERS),
        topic="costs",
        at=at,
        address=reverse("reference-level-requests-case", args=[case.pk]),
        title=f"Reference level of {wish.resource}, {wish.trade_date}, waits to be decided",
        body=f"{wish.cost_type}, {plain(wish.requested)} {case.unit}.",
    )
    return case


def _against(wish: RequestWish, key: int, at: datetime) -> list[Finding]:
    vintage, condition = vintages_on(wish.trade_date, FAR_MOMENT).get(key, ("", None))
    if not vintage:
        return [
            Finding(
                "COST-RMR",
                f"{wish.resource} is under no RMR contract on {wish.trade_date}.",
                column="resource",
            )
        ]
    if vintage == "NEW":
        condition = None
    try:
        rules = _rules(wish.trade_date)
        go_live = rules.at(CCDEBE_GO_LIVE, wish.trade_date)
    except ParameterMissing as trouble:
        return [Finding("COST-PARAMETER", str(trouble), column="trade_date")]
    found = reference_change_findings(
        condition=condition, trade_date=wish.trade_date, go_live=go_live
    )
    hours = TradeDay(wish.trade_date).hour_count
    last = wish.last_hour or hours
    if not 1 <= wish.first_hour <= last <= hours:
        found.append(
            Finding(
                "COST-HOURS",
                f"{wish.trade_date} has trade hours 1 to {hours}.",
                column="first_hour",
            )
        )
    elif wish.timing == "EX_ANTE":
        found += _too_late(wish, rules, at)
    if wish.requested <= 0:
        found.append(Finding("COST-AMOUNT", "The cost asked for is above 0.", column="requested"))
    if (wish.cost_type == CostType.ENERGY) != (wish.at_mw is not None):
        found.append(
            Finding(
                "COST-MW",
                "An energy cost is asked for at an output in MW, a commitment cost without one.",
                column="at_mw",
            )
        )
    return found


def _too_late(wish: RequestWish, rules: ParameterSet, at: datetime) -> list[Finding]:
    close = market_close(wish.market, wish.trade_date, wish.first_hour, rules)
    if at < close:
        return []
    return [
        Finding(
            "COST-CLOSED",
            f"{wish.market} of HE{wish.first_hour} of {wish.trade_date} closed "
            f"{close.astimezone(PACIFIC):%Y-%m-%d %H:%M} Pacific; ask ex-post.",
            column="timing",
        )
    ]


def _rules(day: date) -> ParameterSet:
    return parameter_set(
        parameters=(HEADROOM, CCDEBE_GO_LIVE, DA_CLOSE_HOUR, RT_CLOSE_MINUTES),
        span=Span.through(day, day),
        known_at=FAR_MOMENT,
    )


def _followed(wish: RequestWish, party_id: int | None) -> ReferenceLevelRequest | None:
    if wish.follows is None:
        return None
    found = ReferenceLevelRequest.objects.filter(
        pk=wish.follows, sc_id=party_id, timing="EX_ANTE"
    ).first()
    if found is None:
        raise Refusal.because(
            "COST-FOLLOWS", f"There is no ex-ante request no. {wish.follows} of yours.", "follows"
        )
    return found


@implements("BRQ-0064", "BRQ-0092", source="BRS 1.2 section 6.1.2")
def threshold_of(wish: RequestWish, resource_id: int) -> Threshold:
    """Return the reasonableness threshold of a request from the newest costs of its trade date."""
    day = wish.trade_date
    run = sealed_run(DAILY_COSTS, day)
    if run is None:
        return Threshold(None, f"No costs are calculated for {day} yet.")
    headroom = _rules(day).at(HEADROOM, day)
    scalar = _volatility(resource_id, day)
    if wish.cost_type == CostType.ENERGY:
        exact = _energy(run, resource_id, wish, scalar, headroom)
    else:
        exact = _commitment(run, resource_id, wish, scalar, headroom)
    if exact is None:
        return Threshold(
            None, f"No {wish.cost_type} cost of {wish.resource} was calculated for {day}."
        )
    amount = Decimal(exact.numerator) / Decimal(exact.denominator)
    amount = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return Threshold(
        amount,
        f"Threshold {amount} = headroom {plain(headroom)} × cost with fuel × volatility "
        f"scalar {plain(scalar)}, from run {run.pk}.",
    )


def _volatility(resource_id: int, day: date) -> Decimal:
    on_file = resources_on_file(version_known(day, FAR_MOMENT), [resource_id]).get(resource_id)
    held = RegionScalar.objects.filter(
        region=on_file.fuel_region if on_file else "",
        valid__contains=day,
        known__contains=FAR_MOMENT,
    ).first()
    return held.volatility if held else Decimal(1)


def _energy(
    run: Any, resource_id: int, wish: RequestWish, scalar: Decimal, headroom: Decimal
) -> Fraction | None:
    rows = DebSegment.objects.filter(run=run, resource_id=resource_id, config=wish.config.strip())
    row = rows.filter(to_mw__gte=wish.at_mw).order_by("segment_no").first()
    row = row or rows.order_by("-segment_no").first()
    if row is None:
        return None
    step = USD_PER_MWH.to_scaled
    segment = Segment(
        MW.to_scaled(row.from_mw),
        MW.to_scaled(row.to_mw),
        None,
        step(row.fuel),
        step(row.ghg),
        step(row.before),
        step(row.deb),
        step(row.published),
        row.adjusted,
    )
    price = CurvePrice(
        fuel=0,
        gmc=step(row.gmc),
        vom=step(row.vom),
        oc=step(row.oc),
        scalar=int(row.scalar * 10_000),
    )
    return energy_threshold(
        segment, price, volatility=Fraction(scalar), headroom=Fraction(headroom)
    )


def _commitment(
    run: Any, resource_id: int, wish: RequestWish, scalar: Decimal, headroom: Decimal
) -> Fraction | None:
    row = CommitmentCostLine.objects.filter(
        run=run,
        resource_id=resource_id,
        cost_type=wish.cost_type,
        config=wish.config.strip(),
        to_config="",
    ).first()
    if row is None:
        return None
    cost = CommitmentCost(row.fuel, row.ghg, row.power, row.om, row.mma, row.oc)
    return Fraction(commitment_threshold(cost, volatility=scalar, headroom=headroom))


def _decide_at_once(
    case: ReferenceLevelRequest, known: Threshold, at: datetime
) -> ReferenceLevelRequest:
    state, approved = ex_ante_outcome(
        requested=case.requested, threshold=known.amount or Decimal(0)
    )
    rest = case.requested - approved
    sentence = known.sentence + (
        f" The request is above it: CAPPED; {plain(rest)} {case.unit} may be asked for ex-post."
        if state == "CAPPED"
        else " The request is not above it."
    )
    with over_the_wall("the threshold decides a party's request in the system's name"):
        return transition(
            case,
            action="accept" if state == "ACCEPTED" else "cap",
            actor=system_user(),
            at=at,
            note=sentence,
            set_fields={
                "approved": approved,
                "outcome": sentence[:500],
                "decided_at": knowledge_moment(at=at),
            },
        )


def _decided(case: ReferenceLevelRequest, actor: User, at: datetime) -> ReferenceLevelRequest:
    tell(
        [case.opened_by],
        topic="costs",
        at=at,
        address=reverse("reference-level-requests-case", args=[case.pk]),
        title=f"Reference level of {case.resource.code}, {case.trade_date}: {case.state.lower()}",
        body=case.outcome,
    )
    return case


@transaction.atomic
def change_approve(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> ReferenceLevelRequest:
    """Approve an ex-post request in full."""
    case = ReferenceLevelRequest.objects.get(pk=case_id)
    fields = {
        "approved": case.requested,
        "decided_by": actor,
        "decided_at": knowledge_moment(at=at),
        "outcome": (note or "approved")[:500],
    }
    case = transition(case, action="approve", actor=actor, at=at, note=note, set_fields=fields)
    return _decided(case, actor, at)


@transaction.atomic
def change_approve_part(
    *, case_id: int, actor: User, at: datetime, approved: Decimal, note: str = ""
) -> ReferenceLevelRequest:
    """Approve a part of an ex-post request."""
    case = ReferenceLevelRequest.objects.get(pk=case_id)
    if not 0 < approved < case.requested:
        raise MoveRefused(f"A part lies above 0 and below {plain(case.requested)} {case.unit}.")
    fields = {
        "approved": approved,
        "decided_by": actor,
        "decided_at": knowledge_moment(at=at),
        "outcome": note[:500],
    }
    case = transition(case, action="approve_part", actor=actor, at=at, note=note, set_fields=fields)
    return _decided(case, actor, at)


@transaction.atomic
def change_refuse(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> ReferenceLevelRequest:
    """Refuse an ex-post request; the reason is told."""
    case = ReferenceLevelRequest.objects.get(pk=case_id)
    fields = {"decided_by": actor, "decided_at": at, "outcome": note[:500]}
    case = transition(case, action="refuse", actor=actor, at=at, note=note, set_fields=fields)
    return _decided(case, actor, at)


def request_paper(
    *, case: ReferenceLevelRequest, file_name: str, content: bytes, actor: User, at: datetime
) -> Any:
    """Keep an invoice or another document of a request."""
    viewer = actor.viewer()
    if not viewer.is_iso and viewer.party_id != case.sc_id:
        raise Refusal.because("COST-ROLE", "You may not add documents here.")
    return attach(
        desk="reference-level-requests",
        case_id=case.pk,
        party_id=case.sc_id,
        file_name=file_name,
        content=content,
        actor=actor,
        at=at,
        subject=case,
    )
