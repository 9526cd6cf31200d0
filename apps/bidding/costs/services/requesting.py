"""Reference level changes: an SC asks before the market or after; thresholds, caps, decisions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.bidding.costs.codes import REQUESTERS, REVIEWERS, CostType
from apps.bidding.costs.models import ReferenceLevelRequest
from apps.bidding.costs.rules import (
    CCDEBE_GO_LIVE,
    ex_ante_outcome,
    market_close,
    reference_change_violations,
)
from apps.bidding.costs.services.thresholds import (
    RequestInput,
    Threshold,
    rules_of_day,
    threshold_of,
)
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.accounts.services import bypass_rls
from apps.platform.audit.services import knowledge_moment, log_event, transition
from apps.platform.core.effective import ParameterMissing, ParameterSet
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, TradeDay, is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.documents.services import attach
from apps.platform.notifications.services import holders, tell
from apps.reference.resources.selectors import did_you_mean, resource_ids, sc_of_resource
from apps.reliability.designations.selectors import vintages_on

UNITS = {CostType.ENERGY: "$/MWh", CostType.START_UP: "$/start", CostType.MIN_LOAD: "$/run-hour"}


@implements("BRQ-0090", "BRQ-0091", source="BRS 1.2 section 6.1.2")
@transaction.atomic
def request_change(*, given: RequestInput, actor: User, at: datetime) -> ReferenceLevelRequest:
    """File a request for one's own resource; ex-ante it is decided at once by the threshold.

    Ex-ante: accepted up to the threshold, capped at it above. Ex-post waits for a person with the
    documents. Raises ValidationFailed before the go-live date, for Condition 2, for another's
    resource.
    """
    viewer = actor.viewer()
    if not viewer.may(REQUESTERS):
        raise ValidationFailed.because("COST-ROLE", "Your roles do not allow you to file requests.")
    if not is_plausible(given.trade_date):
        raise ValidationFailed.because(
            "COST-DATE", "The date must lie between 1800 and 2199.", "trade_date"
        )
    key = resource_ids({given.resource}).get(given.resource)
    own = key and sc_of_resource(key, given.trade_date, FAR_MOMENT) == viewer.party_id
    if not key or not own:
        raise ValidationFailed.because(
            "COST-RES",
            f"{given.resource} is no resource of yours on {given.trade_date}."
            f"{did_you_mean(given.resource)}",
            "resource",
        )
    found = _against(given, key, at)
    if found:
        raise ValidationFailed(found)
    known = threshold_of(given, key)
    if known.amount is None and given.timing == "EX_ANTE":
        raise ValidationFailed.because("COST-NONE", known.sentence, "trade_date")
    last = given.last_hour or TradeDay(given.trade_date).hour_count
    with pghistory.context(user=actor.pk):
        case = ReferenceLevelRequest.objects.create(
            state=ReferenceLevelRequest.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=key,
            sc_id=viewer.own_party,
            timing=given.timing,
            trade_date=given.trade_date,
            market=given.market,
            first_hour=given.first_hour,
            last_hour=last,
            cost_type=given.cost_type,
            config=given.config.strip(),
            at_mw=given.at_mw,
            requested=given.requested,
            threshold=known.amount,
            unit=UNITS[CostType(given.cost_type)],
            reason=seen_text(given.reason),
            follows=_followed(given, viewer.party_id),
        )
    log_event(
        action="costs.referencelevelrequest.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{given.resource} {given.trade_date} {given.timing}: {given.cost_type} "
        f"{plain(given.requested)} {case.unit}",
    )
    if given.timing == "EX_ANTE" and known.amount is not None:
        return _decide_at_once(case, known, at)
    tell(
        holders(REVIEWERS),
        topic="costs",
        at=at,
        address=reverse("reference-level-requests-case", args=[case.pk]),
        title=f"Reference level of {given.resource}, {given.trade_date}, waits to be decided",
        body=f"{given.cost_type}, {plain(given.requested)} {case.unit}.",
    )
    return case


def _against(given: RequestInput, key: int, at: datetime) -> list[Violation]:
    vintage, condition = vintages_on(given.trade_date, FAR_MOMENT).get(key, ("", None))
    if not vintage:
        return [
            Violation(
                "COST-RMR",
                f"{given.resource} is under no RMR contract on {given.trade_date}.",
                column="resource",
            )
        ]
    if vintage == "NEW":
        condition = None
    try:
        rules = rules_of_day(given.trade_date)
        go_live = rules.at(CCDEBE_GO_LIVE, given.trade_date)
    except ParameterMissing as trouble:
        return [Violation("COST-PARAMETER", str(trouble), column="trade_date")]
    found = reference_change_violations(
        condition=condition, trade_date=given.trade_date, go_live=go_live
    )
    hours = TradeDay(given.trade_date).hour_count
    last = given.last_hour or hours
    if not 1 <= given.first_hour <= last <= hours:
        found.append(
            Violation(
                "COST-HOURS",
                f"{given.trade_date} has trade hours 1 to {hours}.",
                column="first_hour",
            )
        )
    elif given.timing == "EX_ANTE":
        found += _too_late(given, rules, at)
    if given.requested <= 0:
        found.append(Violation("COST-AMOUNT", "The cost asked for is above 0.", column="requested"))
    if (given.cost_type == CostType.ENERGY) != (given.at_mw is not None):
        found.append(
            Violation(
                "COST-MW",
                "An energy cost is asked for at an output in MW, a commitment cost without one.",
                column="at_mw",
            )
        )
    return found


def _too_late(given: RequestInput, rules: ParameterSet, at: datetime) -> list[Violation]:
    close = market_close(given.market, given.trade_date, given.first_hour, rules)
    if at < close:
        return []
    return [
        Violation(
            "COST-CLOSED",
            f"{given.market} of HE{given.first_hour} of {given.trade_date} closed "
            f"{close.astimezone(PACIFIC):%Y-%m-%d %H:%M} Pacific; ask ex-post.",
            column="timing",
        )
    ]


def _followed(given: RequestInput, party_id: int | None) -> ReferenceLevelRequest | None:
    if given.follows is None:
        return None
    found = ReferenceLevelRequest.objects.filter(
        pk=given.follows, sc_id=party_id, timing="EX_ANTE"
    ).first()
    if found is None:
        raise ValidationFailed.because(
            "COST-FOLLOWS", f"There is no ex-ante request no. {given.follows} of yours.", "follows"
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
    with bypass_rls("the threshold decides a party's request in the system's name"):
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


def request_document(
    *, case: ReferenceLevelRequest, file_name: str, content: bytes, actor: User, at: datetime
) -> Any:
    """Keep an invoice or another document of a request."""
    viewer = actor.viewer()
    if not viewer.is_iso and viewer.party_id != case.sc_id:
        raise ValidationFailed.because("COST-ROLE", "You may not add documents here.")
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
