"""End a designation before its last day: one person proposes, another approves, all of it named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pghistory
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused, knowledge_moment, log_event, transition
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, Span, last_of_month
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import holders, tell
from apps.platform.runs.hooks import Correction
from apps.platform.runs.services import corrected
from apps.reliability.designations import selectors
from apps.reliability.designations.codes import Ending
from apps.reliability.designations.models import (
    ContractProposal,
    Designation,
    DesignationEnding,
    RmrContract,
)
from apps.reliability.designations.rules import approved_ahead
from apps.reliability.designations.services.contracts import end_after
from apps.reliability.designations.services.payloads import withdraw_payloads
from apps.reliability.designations.services.waiting_files import against_files
from apps.reliability.designations.services.what_follows import (
    days_after,
    published_after,
    renewals,
    what_follows,
)


@dataclass(frozen=True)
class EndingInput:
    """An ending as typed; ``last_day`` of a termination, docket and order where FERC ordered it.

    ``over_files``: why it ends although a file with terms of its later days waits.
    """

    designation: int
    kind: str
    reason: str
    last_day: date | None = None
    ferc_docket: str = ""
    ferc_approved_on: date | None = None
    over_files: str = ""


@implements("BRQ-0055", "BRQ-0255", source="BRS 1.2 section 6.1.1")
@transaction.atomic
def propose_ending(*, given: EndingInput, actor: User, at: datetime) -> DesignationEnding:
    """Propose that a designation lapse or end early; raises ValidationFailed with what is against.

    A conditional designation without contract terms lapses, and its renewals lapse with it:
    *Interpretation*, as the RA contract that came first takes away their ground too. A termination
    ends on the last day of a month. It looks ahead, unless FERC ordered it: with docket and order
    it also ends days whose payload is published, and ends one still earlier that was terminated.
    """
    if not actor.viewer().may(CONTRACT_WRITERS):
        raise ValidationFailed.because(
            "DES-ROLE", "Your roles do not allow you to end designations."
        )
    case = Designation.objects.select_related("resource").filter(pk=given.designation).first()
    if case is None or case.state not in selectors.STANDING:
        raise ValidationFailed.because(
            "DES-ENDING",
            f"There is no designation no. {given.designation} in force.",
            "designation",
        )
    waits = case.endings.filter(state="PROPOSED").first()
    if waits is not None:
        raise ValidationFailed.because(
            "DES-ENDING", f"Its ending no. {waits.pk} waits to be decided already.", "designation"
        )
    found = against(case, given, at.astimezone(PACIFIC).date())
    if found:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        ending = DesignationEnding.objects.create(
            state=DesignationEnding.STATES.initial,
            opened_by=actor,
            opened_at=at,
            designation=case,
            kind=given.kind,
            last_day=given.last_day if given.kind == Ending.TERMINATE else None,
            ferc_docket=given.ferc_docket.strip(),
            ferc_approved_on=given.ferc_approved_on,
            reason=seen_text(given.reason),
            over_files=given.over_files.strip(),
            follows=what_follows(case, given.kind, given.last_day),
        )
    how = "lapse" if given.kind == Ending.LAPSE else f"end on {given.last_day}"
    log_event(
        action="designations.designationending.opened",
        actor=actor,
        at=at,
        subject=ending,
        sentence=f"{case.resource.code}, no. {case.pk}, to {how}: {seen_text(given.reason)}"[:500],
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="designation",
        at=at,
        title=f"The designation of {case.resource.code} is to {how}",
        body=f"Proposed by {actor.username}.",
        address=reverse("designation-endings-case", args=[ending.pk]),
    )
    return ending


def against(case: Designation, given: EndingInput, today: date) -> list[Violation]:
    """Return what stands against an ending of a designation that stands.

    One that was terminated ends earlier by an order of FERC alone (*Interpretation*: the agreement
    of the parties is spent).
    """
    if given.kind == Ending.LAPSE:
        return _against_lapse(case) + against_files(
            case, case.period.lower, given.over_files, "kind"
        )
    span = Span(case.period.lower, case.period.upper)
    last_day = given.last_day
    if last_day is None or last_day not in span or last_day == span.last:
        return [
            Violation(
                "RMR-E-0055D",
                f"The new end must lie between {span.first} and {span.last}, before the present "
                "one.",
                column="last_day",
            )
        ]
    found = approved_ahead(given.ferc_approved_on, today)
    waiting = ", ".join(f"{t.contract_no} (no. {t.pk})" for t in terms_waiting(case))
    if waiting:
        found.append(
            Violation(
                "DES-TERMS",
                f"Contract terms of it wait to be decided: {waiting}. Approve, reject or withdraw "
                "them first.",
                column="designation",
            )
        )
    first = days_after(case, last_day).first
    found += against_files(case, first, given.over_files, "last_day")
    if last_day != last_of_month(last_day):
        found.append(
            Violation(
                "RMR-E-0055B", f"The end {last_day} is not the last of a month.", column="last_day"
            )
        )
    ordered = given.ferc_docket.strip() and given.ferc_approved_on is not None
    if case.state == "TERMINATED" and not ordered:
        found.append(
            Violation(
                "DES-ORDER",
                f"It was terminated to end on {span.last} already; only an order of FERC ends it "
                "earlier. Give its docket and day.",
                column="last_day",
            )
        )
    elif published_after(case, last_day) and not ordered:
        found.append(
            Violation(
                "DES-PUBLISHED",
                f"The payload of days after {last_day} is published already; only an order of FERC "
                "ends them. Give its docket and day.",
                column="last_day",
            )
        )
    return found


def _against_lapse(case: Designation) -> list[Violation]:
    if case.state == "TERMINATED":
        return [Violation("DES-LAPSE", "It was terminated; it lapses no more.", column="kind")]
    if not case.conditional:
        return [
            Violation(
                "DES-LAPSE",
                "Only a conditional designation lapses; terminate this one instead.",
                column="kind",
            )
        ]
    found = []
    for one in (case, *renewals(case)):
        if one.state == "PROPOSED":
            what = "waits to be decided; decide it first"
        elif selectors.contracts_of(one).exists() or terms_waiting(one).exists():
            what = "has contract terms already, so its condition can no longer come in"
        else:
            continue
        name = "It" if one is case else f"Its renewal no. {one.pk}"
        found.append(Violation("DES-LAPSE", f"{name} {what}.", column="kind"))
    return found


def terms_waiting(case: Designation) -> QuerySet[ContractProposal]:
    """Return the contract terms of a designation that wait to be decided."""
    return ContractProposal.objects.filter(designation=case, state="PROPOSED").order_by("pk")


def may_lapse(case: Designation) -> bool:
    """Whether a designation could lapse now, so that a page offers it."""
    return case.state == "DESIGNATED" and not _against_lapse(case)


@transaction.atomic
def ending_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> DesignationEnding:
    """Let a designation lapse or end early; a second person does this.

    Raises MoveRefused where something has come to stand against it since it was proposed.
    """
    moment = knowledge_moment(at=at)
    ending = DesignationEnding.objects.select_related("designation__resource").get(pk=case_id)
    case = Designation.objects.select_for_update().get(pk=ending.designation_id)
    given = EndingInput(
        case.pk,
        ending.kind,
        ending.reason,
        ending.last_day,
        ending.ferc_docket,
        ending.ferc_approved_on,
        ending.over_files,
    )
    if ending.state == "PROPOSED":
        new = against(case, given, at.astimezone(PACIFIC).date())
        if new or case.state not in selectors.STANDING:
            stands = " ".join(v.message for v in new) or f"The designation is {case.state}."
            raise MoveRefused(f"It can no longer be approved. {stands} Reject it.")
    ending = transition(
        ending,
        action="approve",
        actor=actor,
        at=moment,
        note=note,
        set_fields={
            "decided_by": actor,
            "follows": what_follows(case, ending.kind, ending.last_day),
        },
    )
    words = note or f"ending no. {ending.pk}: {ending.reason}"
    if ending.kind == Ending.LAPSE:
        for one in (case, *renewals(case)):
            transition(one, action="lapse", actor=actor, at=moment, note=words)
    elif ending.last_day is not None:
        _end(case, ending, ending.last_day, actor, moment, words)
    tell(
        [ending.opened_by],
        topic="designation",
        at=moment,
        title=f"The ending of designation no. {case.pk} is approved",
        body=" ".join([f"By {actor.username}.", *ending.follows]),
        address=reverse("designation-endings-case", args=[ending.pk]),
    )
    return ending


def _end(
    case: Designation,
    ending: DesignationEnding,
    last_day: date,
    actor: User,
    moment: datetime,
    words: str,
) -> None:
    """End a designation and its terms after a day; payload and settled days follow."""
    contracts = list(selectors.contracts_of(case))
    after = days_after(case, last_day)
    transition(
        case,
        action="terminate" if case.state == "DESIGNATED" else "shorten",
        actor=actor,
        at=moment,
        note=words,
        set_fields={"period": DateRange(case.period.lower, after.first)},
    )
    cause = f"{ending.designation.resource.code} terminated"
    if ending.ferc_docket:
        cause += f", FERC docket {ending.ferc_docket}"
    for contract in contracts:
        end_after(contract.contract_no, last_day, after.end, moment)
        withdraw_payloads(
            actor=actor, at=moment, cause=cause, term=_term(contract, last_day), span=after
        )
    corrected(
        Correction(
            "RMR_ENDING",
            cause,
            reverse("designation-endings-case", args=[ending.pk]),
            case.resource_id,
            tuple(after),
        ),
        actor=actor,
        at=moment,
    )


def _term(contract: RmrContract, last_day: date) -> tuple[str, Span]:
    return contract.contract_no, Span.through(
        contract.span.first, max(last_day, contract.span.first)
    )
