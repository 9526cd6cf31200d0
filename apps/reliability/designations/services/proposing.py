"""Contract terms of a designation, proposed at the desk and approved by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import (
    MoveRefused,
    as_range,
    knowledge_moment,
    log_event,
    transition,
)
from apps.platform.core.quantity import MW, USD_PER_MW_DAY
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, Span, is_plausible
from apps.platform.core.violations import Severity, ValidationFailed, Violation
from apps.platform.notifications.services import holders, tell
from apps.platform.runs.services import days_changed
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF
from apps.reference.resources.selectors import tac_areas
from apps.reliability.designations import selectors
from apps.reliability.designations.codes import AllocationScope, Need, Nonperformance
from apps.reliability.designations.models import (
    CapacityPayload,
    ContractProposal,
    Designation,
    RmrContract,
)
from apps.reliability.designations.rules import (
    PMAX_TOLERANCE,
    approved_ahead,
    check_contract_rows,
    contract_capacity,
    price_from_revenue,
)
from apps.reliability.designations.selectors import NOW
from apps.reliability.designations.services.contracts import (
    Approval,
    CapacityTerm,
    ContractTerms,
    enact,
)
from apps.reliability.designations.services.payloads import publish_payloads
from apps.reliability.designations.services.pmax import pmax_on_days


@dataclass(frozen=True)
class TermsInput:
    """Contract terms as typed; ``capacity`` is MW by (TAC area, obligation type)."""

    designation: int
    contract_no: str
    first_date: date
    last_date: date
    reference: str
    price: Decimal | None = None
    afrr_usd: Decimal | None = None
    nonperformance: str = Nonperformance.RAAIM.value
    penalty: str = ""
    ferc_docket: str = ""
    ferc_approved_on: date | None = None
    capacity: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)


@implements("BRQ-0020", "BRQ-0056", "BRQ-1210", source="BRS 1.2 sections 6.1.1 and 6.4.1")
@transaction.atomic
def propose_terms(*, given: TermsInput, actor: User, at: datetime) -> ContractProposal:
    """Propose the terms of a designation; raises ValidationFailed with everything against them.

    The same checks as for a file. Without price and revenue requirement the terms hold the
    resource back until a price is approved. Resource, vintage, scope and local area are those of
    the designation.
    """
    if not actor.viewer().may(CONTRACT_WRITERS):
        raise ValidationFailed.because(
            "CON-ROLE", "Your roles do not allow you to propose contract terms."
        )
    case = _designation(given)
    span = _span(given, case)
    capacity = _capacity(given)
    price = given.price
    if price is None and given.afrr_usd:
        price = price_from_revenue(
            afrr_usd=given.afrr_usd, mw=capacity, days=(span.end - span.first).days
        )
    found = _violations(given, case, price)
    found += approved_ahead(given.ferc_approved_on, at.astimezone(PACIFIC).date())
    if [f for f in found if f.severity is Severity.ERROR]:
        raise ValidationFailed([f for f in found if f.severity is Severity.ERROR])
    with pghistory.context(user=actor.pk):
        proposal = ContractProposal.objects.create(
            state=ContractProposal.STATES.initial,
            opened_by=actor,
            opened_at=at,
            designation=case,
            contract_no=given.contract_no.strip(),
            first_date=given.first_date,
            last_date=given.last_date,
            price=price,
            afrr=given.afrr_usd,
            nonperformance=given.nonperformance,
            penalty=given.penalty.strip(),
            ferc_docket=given.ferc_docket.strip(),
            ferc_approved_on=given.ferc_approved_on,
            reference=given.reference.strip(),
            capacity=[
                {"tac": tac, "obligation_type": kind, "mw": f"{mw:f}"}
                for (tac, kind), mw in sorted(given.capacity.items())
            ],
        )
    log_event(
        action="designations.terms.opened",
        actor=actor,
        at=at,
        subject=proposal,
        sentence=f"Terms of {given.contract_no} proposed for {given.first_date} to "
        f"{given.last_date}",
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="designation",
        at=at,
        title=f"Terms of {given.contract_no} wait to be decided",
        body=f"Proposed by {actor.username}.",
        address=reverse("contract-proposals-case", args=[proposal.pk]),
    )
    return proposal


def _designation(given: TermsInput) -> Designation:
    found = (
        Designation.objects.filter(pk=given.designation, state="DESIGNATED")
        .select_related("resource", "local_area")
        .first()
    )
    if found is None:
        raise ValidationFailed.because(
            "CON-DESIGNATION",
            f"There is no designation no. {given.designation} in force.",
            "designation",
        )
    return found


def _span(given: TermsInput, case: Designation) -> Span:
    if not (is_plausible(given.first_date) and is_plausible(given.last_date)):
        raise ValidationFailed.because(
            "CON-DATES", "The dates must lie between 1800 and 2199.", "first_date"
        )
    if given.last_date < given.first_date:
        raise ValidationFailed.because("CON-DATES", "The end lies before the start.", "last_date")
    span = Span.through(given.first_date, given.last_date)
    period = Span(case.period.lower, case.period.upper)
    if span.first < period.first or span.end > period.end:
        raise ValidationFailed.because(
            "CON-PERIOD",
            f"The designation runs from {period.first} to {period.last}.",
            "last_date",
        )
    return span


def _capacity(given: TermsInput) -> Decimal:
    most = Decimal(contract_capacity((kind, mw) for (_, kind), mw in given.capacity.items()))
    if most <= 0:
        raise ValidationFailed.because("CON-MW", "The contract has no capacity.", "generic_pge_tac")
    return most


def scope_of(need: str) -> AllocationScope:
    """Return which loads bear the cost: a local need is its TAC areas', any other is all's."""
    return AllocationScope.LOCAL if need == Need.LOCAL else AllocationScope.SYSTEM


def _violations(given: TermsInput, case: Designation, price: Decimal | None) -> list[Violation]:
    if price is not None and price <= 0:
        return [Violation("RMR-E-0255D", "The price must be above 0.", column="price")]
    rules = selectors.rules_of(given.first_date)
    common = {
        "line_no": 0,
        "resource_id": case.resource.code,
        "effective_date": case.effective_date,
        "condition": None,
        "start_date": given.first_date,
        "end_date": given.last_date,
        "scope": scope_of(case.need).value,
        "local_area": case.local_area.code if case.local_area else None,
        "price": USD_PER_MW_DAY.to_scaled(price) if price is not None else None,
        "afrr": None,
        "nonperformance": given.nonperformance,
        "penalty": given.penalty.strip() or None,
        "mw_override": case.mw_override or None,
        "ferc_docket": given.ferc_docket,
        "ferc_approved": given.ferc_approved_on,
    }
    rows = [
        common | {"tac_area": tac, "obligation_type": kind, "mw": MW.to_scaled(mw)}
        for (tac, kind), mw in given.capacity.items()
    ]
    held, later = pmax_on_days(case.resource_id, given.first_date)
    found = check_contract_rows(
        rows,
        cutoff=rules.at(NEW_TARIFF_CUTOFF, given.first_date),
        pmax_mw=case.contract_mw if case.mw_override or held is None else held,
        later=later,
        tolerance_mw=rules.at(PMAX_TOLERANCE, given.first_date),
    )
    span = Span.through(given.first_date, given.last_date)
    others = RmrContract.objects.filter(
        resource_id=case.resource_id, known__contains=NOW, valid__overlap=as_range(span)
    ).exclude(contract_no=given.contract_no.strip())
    found += [
        Violation(
            "CON-OVERLAP",
            f"{case.resource.code} is already under contract {c.contract_no} "
            f"from {c.span.first} to {c.span.last}.",
            column="contract_no",
        )
        for c in others
    ]
    theirs = RmrContract.objects.filter(contract_no=given.contract_no.strip()).exclude(
        resource_id=case.resource_id
    )
    if theirs.exists():
        found.append(
            Violation(
                "CON-TAKEN", "This contract number is another resource's.", column="contract_no"
            )
        )
    return found


@transaction.atomic
def terms_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> ContractProposal:
    """Let proposed terms hold and publish their payload; a second person does this.

    Raises MoveRefused where the designation has ended since, or no longer covers their days.
    """
    moment = knowledge_moment(at=at)
    proposal = ContractProposal.objects.get(pk=case_id)
    case = (
        Designation.objects.select_for_update(of=("self",))
        .select_related("resource")
        .get(pk=proposal.designation_id)
    )
    if proposal.state == "PROPOSED":
        _still_covered(proposal, case)
    proposal = transition(
        proposal,
        action="approve",
        actor=actor,
        at=moment,
        note=note,
        set_fields={"decided_by": actor},
    )
    span = Span.through(proposal.first_date, proposal.last_date or proposal.first_date)
    docket = {
        "ferc_docket": proposal.ferc_docket,
        "ferc_approved_on": proposal.ferc_approved_on,
    }
    tac = tac_areas()
    terms = ContractTerms(
        contract_no=proposal.contract_no,
        span=span,
        contract={
            "resource_id": case.resource_id,
            "effective_date": case.effective_date,
            "condition": None,
            "scope": scope_of(case.need).value,
            "local_area_id": case.local_area_id,
            "nonperformance": proposal.nonperformance,
            "penalty": proposal.penalty,
            "mw_override": case.mw_override,
            "is_synthetic": case.is_synthetic,
            **docket,
        },
        price=None
        if proposal.price is None
        else {"price": proposal.price, "afrr": proposal.afrr, **docket},
        capacity=[
            CapacityTerm(tac[r["tac"]], r["obligation_type"], Decimal(r["mw"]), proposal.reference)
            for r in proposal.capacity
        ],
    )
    enact(terms, Approval(moment, proposal.opened_by, actor, proposal.reference))
    _, violations = publish_payloads(
        actor=actor,
        at=moment,
        contract_nos=[proposal.contract_no],
        span=span,
        cause=f"terms of {proposal.contract_no} approved",
        mw_too=bool(proposal.ferc_docket and proposal.ferc_approved_on),
    )
    if violations or (proposal.price is None and _published(proposal, span)):
        raise MoveRefused(
            str(ValidationFailed(violations))
            if violations
            else "The payload of some of these days is published; their price must stay above 0."
        )
    days_changed(span=span, cause=f"terms of {proposal.contract_no}", at=moment)
    tell(
        [proposal.opened_by],
        topic="designation",
        at=moment,
        title=f"Terms of {proposal.contract_no} are approved",
        body=f"By {actor.username}.",
        address=reverse("contract-proposals-case", args=[proposal.pk]),
    )
    return proposal


def _still_covered(proposal: ContractProposal, case: Designation) -> None:
    period = Span(case.period.lower, case.period.upper)
    last = proposal.last_date or proposal.first_date
    if case.state != "DESIGNATED":
        why = f"designation no. {case.pk} is {case.state}"
    elif proposal.first_date not in period or last not in period:
        why = f"designation no. {case.pk} runs from {period.first} to {period.last} now"
    else:
        return
    raise MoveRefused(
        f"{proposal.contract_no} can no longer be approved for {proposal.first_date} to {last}: "
        f"{why}. Reject it."
    )


def _published(proposal: ContractProposal, span: Span) -> bool:
    return CapacityPayload.objects.filter(
        contract_no=proposal.contract_no, trade_date__gte=span.first, trade_date__lt=span.end
    ).exists()
