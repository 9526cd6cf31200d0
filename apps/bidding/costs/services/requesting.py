"""Reference level changes: an SC asks before the market or after; thresholds, caps, decisions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.bidding.costs.models import ReferenceLevelRequest
from apps.bidding.costs.rules import (
    CCDEBE_GO_LIVE,
    ex_ante_outcome,
    market_close,
    reference_change_findings,
)
from apps.bidding.costs.services.thresholds import (
    RequestWish,
    Threshold,
    rules_of_day,
    threshold_of,
)
from apps.bidding.costs.terms import REQUESTERS, REVIEWERS, CostType
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.accounts.services import over_the_wall
from apps.platform.audit.services import knowledge_moment, record, transition
from apps.platform.documents.services import attach
from apps.platform.kernel.effective import ParameterMissing, ParameterSet
from apps.platform.kernel.findings import Finding, Refusal
from apps.platform.kernel.quantity import plain
from apps.platform.kernel.rulebook import implements
from apps.platform.kernel.tradetime import FAR_MOMENT, PACIFIC, TradeDay, is_plausible
from apps.platform.notices.services import holders, tell
from apps.reference.resources.selectors import did_you_mean, resource_ids, sc_of_resource
from apps.reliability.designations.selectors import vintages_on

UNITS = {CostType.ENERGY: "$/MWh", CostType.START_UP: "$/start", CostType.MIN_LOAD: "$/run-hour"}


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
            sc_id=viewer.own_party,
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
        rules = rules_of_day(wish.trade_date)
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
