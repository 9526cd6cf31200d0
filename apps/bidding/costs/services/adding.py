"""Cost adders and fuel regions: proposed at the desk or by file, approved by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.bidding.costs.codes import ADDER_UNITS, COST_WRITERS, OPPORTUNITY, AdderKind
from apps.bidding.costs.models import AdderProposal, CostAdder, RegionProposal, RegionScalar
from apps.bidding.costs.rules import opportunity_cost_eligible, volatility_violations
from apps.bidding.costs.services.files import check_resources
from apps.platform.accounts.codes import APPROVERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import (
    MoveRefused,
    knowledge_moment,
    log_event,
    supersede,
    transition,
)
from apps.platform.core.quantity import COST
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, Span, is_plausible
from apps.platform.core.violations import Severity, ValidationFailed, Violation
from apps.platform.notifications.services import holders, tell
from apps.platform.uploads.hooks import Storing
from apps.reference.masterfile.selectors import resources_on_file, version_known
from apps.reference.resources.selectors import did_you_mean, resource_ids
from apps.reliability.designations.selectors import vintages_on


@dataclass(frozen=True)
class AdderInput:
    """An adder as typed."""

    resource: str
    kind: str
    amount: Decimal
    origin: str
    first_date: date
    reference: str
    config: str = ""
    to_config: str = ""
    last_date: date | None = None


def span_of(first: date, last: date | None) -> Span:
    """Return the days from first to last, open where there is no last."""
    return Span.through(first, last) if last else Span(first, FAR_FUTURE)


def _days(first: date, last: date | None) -> list[Violation]:
    if not is_plausible(first) or (last is not None and not is_plausible(last)):
        return [
            Violation("COST-DATE", "The dates must lie between 1800 and 2199.", column="first_date")
        ]
    if last is not None and last < first:
        return [Violation("COST-DATE", "The last day lies before the first.", column="last_date")]
    return []


Memo = dict[date, tuple[Any, Any]]  # what is on file of a day, read once for a whole file


def ineligible(
    resource_id: int, code: str, kind: str, day: date, memo: Memo | None = None
) -> Violation | None:
    """Return why an opportunity cost adder does not count for a resource from a day on."""
    if kind not in OPPORTUNITY:
        return None
    known = memo if memo is not None else {}
    if day not in known:
        known[day] = (
            resources_on_file(version_known(day, FAR_MOMENT)),
            vintages_on(day, FAR_MOMENT),
        )
    on_file = known[day][0].get(resource_id)
    _, condition = known[day][1].get(resource_id, ("", None))
    limited = on_file is not None and on_file.use_limited
    if opportunity_cost_eligible(use_limited=limited, condition=condition):
        return None
    return Violation(
        "RMR-W-0062",
        f"Opportunity cost ignored: {code} is not eligible (use-limited and not RMR Condition 2).",
        column="kind",
        severity=Severity.WARNING,
        value=code,
    )


def _shape(kind: str, config: str, to_config: str, amount: Decimal) -> list[Violation]:
    found = []
    if amount < 0:
        found.append(Violation("RMR-E-0062", "Cost adders must be >= 0.", column="amount"))
    if (kind == AdderKind.OC_TRANSITION) != bool(to_config):
        found.append(
            Violation(
                "COST-TRANSITION",
                "A transition adder names both configurations, no other adder a second one.",
                column="to_config",
            )
        )
    return found


@implements("BRQ-0062", source="BRS 1.2 section 6.1.2")
@transaction.atomic
def propose_adder(*, given: AdderInput, actor: User, at: datetime) -> AdderProposal:
    """Propose an adder; raises ValidationFailed with everything against it."""
    if not actor.viewer().may(COST_WRITERS):
        raise ValidationFailed.because(
            "COST-ROLE", "Your roles do not allow you to propose adders."
        )
    key = resource_ids({given.resource}).get(given.resource)
    found = _days(given.first_date, given.last_date)
    found += _shape(given.kind, given.config, given.to_config, given.amount)
    if key is None:
        found.append(
            Violation(
                "COST-RES",
                f"There is no resource {given.resource}.{did_you_mean(given.resource)}",
                column="resource",
            )
        )
    elif not found:
        refused = ineligible(key, given.resource, given.kind, given.first_date)
        found += [refused] if refused else []
    if found or key is None:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        case = AdderProposal.objects.create(
            state=AdderProposal.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=key,
            kind=given.kind,
            config=given.config.strip(),
            to_config=given.to_config.strip(),
            amount=given.amount,
            origin=given.origin,
            first_date=given.first_date,
            last_date=given.last_date,
            reference=given.reference.strip(),
        )
    unit = ADDER_UNITS[AdderKind(given.kind)]
    _opened(
        case,
        f"{given.kind} of {given.resource}: {given.amount} {unit} from {given.first_date}",
        reverse("cost-adder-proposals-case", args=[case.pk]),
        actor,
        at,
    )
    return case


def _opened(case: Any, sentence: str, address: str, actor: User, at: datetime) -> None:
    log_event(
        action=f"costs.{case._meta.model_name}.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=sentence,
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="costs",
        at=at,
        title=f"{sentence} waits",
        body=f"Proposed by {actor.username}.",
        address=address,
    )


def _hold(
    model: Any,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    case: Any,
    actor: User,
    at: datetime,
) -> None:
    supersede(
        model=model,
        key=key,
        values=values,
        span=span_of(case.first_date, case.last_date),
        known_from=knowledge_moment(at=at),
        reference=case.reference,
        proposed_by=case.opened_by,
        approved_by=actor,
    )


@transaction.atomic
def adder_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> AdderProposal:
    """Let an adder hold from its first date; a second person does this."""
    case = transition(
        AdderProposal.objects.select_related("opened_by").get(pk=case_id),
        action="approve",
        actor=actor,
        at=at,
        note=note or "approved",
        set_fields={"decided_by": actor},
    )
    key = {
        "resource_id": case.resource_id,
        "kind": case.kind,
        "config": case.config,
        "to_config": case.to_config,
    }
    values = {
        "amount": case.amount,
        "unit": ADDER_UNITS[AdderKind(case.kind)],
        "origin": case.origin,
    }
    _hold(CostAdder, key, values, case, actor, at)
    return case


@dataclass(frozen=True)
class RegionInput:
    """A fuel region as typed."""

    region: str
    index: str
    volatility: Decimal
    first_date: date
    reference: str
    last_date: date | None = None


@implements("BRQ-0092", source="BRS 1.2 revision history")
@transaction.atomic
def propose_region(*, given: RegionInput, actor: User, at: datetime) -> RegionProposal:
    """Propose a fuel region, new or known, with its own index and volatility scalar."""
    if not actor.viewer().may(COST_WRITERS):
        raise ValidationFailed.because(
            "COST-ROLE", "Your roles do not allow you to propose fuel regions."
        )
    found = _days(given.first_date, given.last_date)
    found += volatility_violations(given.volatility)
    if found:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        case = RegionProposal.objects.create(
            state=RegionProposal.STATES.initial,
            opened_by=actor,
            opened_at=at,
            region=given.region.strip().upper(),
            index=given.index.strip().upper(),
            volatility=given.volatility,
            first_date=given.first_date,
            last_date=given.last_date,
            reference=given.reference.strip(),
        )
    _opened(
        case,
        f"Fuel region {case.region}: {case.index}, volatility scalar {case.volatility}",
        reverse("fuel-region-proposals-case", args=[case.pk]),
        actor,
        at,
    )
    return case


@transaction.atomic
def region_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> RegionProposal:
    """Let a fuel region hold from its first date; a second person does this.

    Raises MoveRefused for a volatility scalar that is refused today, however long ago proposed.
    """
    proposed = RegionProposal.objects.select_related("opened_by").get(pk=case_id)
    for refused in volatility_violations(proposed.volatility):
        raise MoveRefused(refused.message)
    case = transition(
        proposed,
        action="approve",
        actor=actor,
        at=at,
        note=note or "approved",
        set_fields={"decided_by": actor},
    )
    values = {"index": case.index, "volatility": case.volatility}
    _hold(RegionScalar, {"region": case.region}, values, case, actor, at)
    return case


def check_adders(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check adders of a file; opportunity cost of an ineligible resource is a warning."""
    found = check_resources(frame, options)
    keys = resource_ids(set(frame["resource_id"].to_list()))
    memo: Memo = {}
    for row in frame.iter_rows(named=True):
        amount = COST.from_scaled(row["amount"])
        more = _shape(row["kind"], row["config_id"] or "", row["to_config"] or "", amount)
        more += _days(row["first_date"], row["last_date"])
        key = keys.get(row["resource_id"])
        refused = (
            ineligible(key, row["resource_id"], row["kind"], row["first_date"], memo)
            if key is not None and not more
            else None
        )
        more += [refused] if refused else []
        found += [
            Violation(f.code, f.message, row["line_no"], f.column, f.severity, f.value)
            for f in more
        ]
    return found


def store_adders(storing: Storing) -> None:
    """Let each eligible adder of a file hold for its days; ineligible ones are left out."""
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    memo: Memo = {}
    for row in storing.frame.iter_rows(named=True):
        key = keys[row["resource_id"]]
        if ineligible(key, row["resource_id"], row["kind"], row["first_date"], memo):
            continue
        supersede(
            model=CostAdder,
            key={
                "resource_id": key,
                "kind": row["kind"],
                "config": row["config_id"] or "",
                "to_config": row["to_config"] or "",
            },
            values={
                "amount": COST.from_scaled(row["amount"]),
                "origin": row["origin"],
                "unit": ADDER_UNITS[AdderKind(row["kind"])],
            },
            span=span_of(row["first_date"], row["last_date"]),
            known_from=storing.version.known_from,
            reference=row["reference"],
            proposed_by=storing.proposer,
            approved_by=storing.actor,
            provenance={"dataset_version": storing.version, "line_no": row["line_no"]},
        )
