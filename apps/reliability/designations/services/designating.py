"""Findings and designations: propose, decide, renew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import (
    MoveRefused,
    as_range,
    log_event,
    transition,
)
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, Span, is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.documents.services import attach
from apps.platform.notifications.services import holders, tell
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF
from apps.reference.resources.selectors import local_areas, resource_facts
from apps.reliability.designations import selectors
from apps.reliability.designations.codes import PLANNERS
from apps.reliability.designations.models import (
    Designation,
    StudyFinding,
)
from apps.reliability.designations.rules import (
    PMAX_TOLERANCE,
    DesignationProposal,
    check_designation,
)
from apps.reliability.designations.selectors import NOW
from apps.reliability.retirements.codes import Decision
from apps.reliability.retirements.selectors import notice_of
from apps.reliability.retirements.services import note_decision


@transaction.atomic
def finding_open(
    *,
    notice: int,
    study: str,
    study_date: date,
    needs: list[str],
    need_mw: Decimal | None,
    available_mw: Decimal | None,
    note: str,
    actor: User,
    at: datetime,
) -> StudyFinding:
    """Keep what a study found about a notice; no needs: the resource is not needed."""
    if not actor.viewer().may(PLANNERS):
        raise ValidationFailed.because("DES-ROLE", "Your roles do not allow you to enter findings.")
    found = notice_of(notice)
    if found is None:
        raise ValidationFailed.because(
            "RMR-E-0015", f"There is no notice no. {notice} that stands.", "notice"
        )
    if not is_plausible(study_date):
        raise ValidationFailed.because(
            "DES-DATE", "The date must lie between 1800 and 2199.", "study_date"
        )
    with pghistory.context(user=actor.pk):
        case = StudyFinding.objects.create(
            state=StudyFinding.STATES.initial,
            opened_by=actor,
            opened_at=at,
            notice_id=found.pk,
            study=study.strip(),
            study_date=study_date,
            needs=sorted(needs),
            need_mw=need_mw,
            available_mw=available_mw,
            note=seen_text(note),
        )
    log_event(
        action="designations.finding.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{found.resource.code}: "
        f"{'needed: ' + ', '.join(sorted(needs)) if needs else 'not needed'} ({study})",
    )
    decision = Decision.NEEDED if needs else Decision.NOT_NEEDED
    if found.decision != Decision.DESIGNATED:
        note_decision(notice_id=found.pk, decision=decision, actor=actor, at=at)
    return case


def finding_withdraw(*, case_id: int, actor: User, at: datetime, note: str = "") -> StudyFinding:
    """Take a finding back that no designation rests on."""
    case = StudyFinding.objects.get(pk=case_id)
    if case.designations.filter(state__in=["PROPOSED", "DESIGNATED", "TERMINATED"]).exists():
        raise MoveRefused("A designation uses this finding.")
    return transition(case, action="withdraw", actor=actor, at=at, note=note)


@dataclass(frozen=True)
class DesignationInput:
    """A designation as typed. With ``renews``, notice and finding are those of what it renews."""

    need: str
    start: date
    end: date
    ra_year: int
    notice: int | None = None
    finding: int | None = None
    renews: int | None = None
    contract_mw: Decimal | None = None
    mw_override: str = ""
    conditional: bool = False
    board_date: date | None = None
    is_synthetic: bool = False


@implements("BRQ-0015", "BRQ-0040", "BRQ-0055", "BRQ-1316", source="BRS 1.2 section 6.1.1")
@transaction.atomic
def propose_designation(*, given: DesignationInput, actor: User, at: datetime) -> Designation:
    """Propose that a resource be designated; raises ValidationFailed with everything against it.

    Pmax and local area are those of the Master File on the first day, whatever the need is
    (BRQ-0040). The effective date, which decides the vintage, is that of the first of a chain of
    renewals.
    """
    if not actor.viewer().may(CONTRACT_WRITERS):
        raise ValidationFailed.because(
            "DES-ROLE", "Your roles do not allow you to propose designations."
        )
    if not (is_plausible(given.start) and is_plausible(given.end)):
        raise ValidationFailed.because(
            "DES-DATE", "The dates must lie between 1800 and 2199.", "start"
        )
    renewed = _renewed(given)
    notice = notice_of(renewed.notice_id if renewed else given.notice or 0)
    finding = _finding(renewed.finding_id if renewed else given.finding or 0, notice)
    if notice is None:
        raise ValidationFailed.because(
            "RMR-E-0015", "No retirement or mothball notice on file for it.", "notice"
        )
    facts = resource_facts(
        code=notice.resource.code, days=(given.start, at.astimezone(PACIFIC).date()), known_at=NOW
    )
    contract_mw = given.contract_mw if given.contract_mw is not None else facts.pmax_mw
    effective = _effective(renewed, given)
    rules = selectors.rules_of(given.start)
    try:
        cutoff = rules.at(NEW_TARIFF_CUTOFF, given.start)
        tolerance = rules.at(PMAX_TOLERANCE, given.start)
    except ParameterMissing as trouble:
        raise ValidationFailed.because("DES-PARAMETER", str(trouble), "start") from None
    violations = check_designation(
        DesignationProposal(
            resource=notice.resource.code,
            start=given.start,
            end=given.end,
            ra_year=given.ra_year,
            effective=effective,
            need=given.need,
            has_notice=True,
            finding_needs=frozenset(finding.needs if finding else ()),
            contract_mw=contract_mw or Decimal(0),
            pmax_mw=facts.pmax_mw,
            override=given.mw_override.strip(),
        ),
        cutoff=cutoff,
        tolerance_mw=tolerance,
    )
    if given.end >= given.start:
        violations += _overlapping(notice.resource_id, Span.through(given.start, given.end))
    if violations or finding is None or contract_mw is None:
        raise ValidationFailed(violations)
    with pghistory.context(user=actor.pk):
        case = Designation.objects.create(
            state=Designation.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=notice.resource_id,
            notice_id=notice.pk,
            finding=finding,
            renews=renewed,
            need=given.need,
            ra_year=given.ra_year,
            period=DateRange(given.start, _after(given.end)),
            local_area_id=local_areas().get(facts.local_area),
            effective_date=effective,
            contract_mw=contract_mw,
            pmax_mw=facts.pmax_mw,
            mw_override=given.mw_override.strip(),
            conditional=given.conditional,
            board_date=given.board_date,
            is_synthetic=given.is_synthetic,
        )
    log_event(
        action="designations.designation.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{notice.resource.code} proposed for {given.start} to {given.end}, {given.need}"
        + (f"; MW overridden: {given.mw_override}" if given.mw_override else ""),
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="designation",
        at=at,
        title=f"The designation of {notice.resource.code} waits to be decided",
        body=f"{given.start} to {given.end}, proposed by {actor.username}.",
        address=reverse("designations-case", args=[case.pk]),
    )
    return case


def _after(day: date) -> date:
    return Span.through(day, day).end


def _renewed(given: DesignationInput) -> Designation | None:
    if given.renews is None:
        return None
    found = Designation.objects.filter(pk=given.renews, state__in=selectors.STANDING).first()
    if found is None:
        raise ValidationFailed.because(
            "DES-RENEWS", f"There is no designation no. {given.renews} to renew.", "renews"
        )
    return found


def _effective(renewed: Designation | None, given: DesignationInput) -> date:
    """A renewal that follows on keeps the effective date; after a gap it is a contract anew."""
    if renewed is not None and renewed.period.upper == given.start:
        return renewed.effective_date
    return given.start


def _finding(number: int, notice: Any) -> StudyFinding | None:
    if notice is None:
        return None
    return StudyFinding.objects.filter(pk=number, state="ON_FILE", notice_id=notice.pk).first()


def _overlapping(resource_id: int, span: Span) -> list[Violation]:
    found = Designation.objects.filter(
        resource_id=resource_id,
        state__in=["DESIGNATED", "TERMINATED"],
        period__overlap=as_range(span),
    )
    return [
        Violation(
            "RMR-E-0015E",
            f"Designation no. {d.pk} runs from {d.period.lower} to "
            f"{Span(d.period.lower, d.period.upper).last} already.",
            column="start",
        )
        for d in found
    ]


def designation_document(
    *, case: Designation, file_name: str, content: bytes, actor: User, at: datetime
) -> Any:
    """Keep a board document or another document of a designation."""
    if not actor.viewer().may(CONTRACT_WRITERS):
        raise ValidationFailed.because(
            "DES-ROLE", "Your roles do not allow you to add documents here."
        )
    return attach(
        desk="designations",
        case_id=case.pk,
        party_id=None,
        file_name=file_name,
        content=content,
        actor=actor,
        at=at,
        subject=case,
    )


def _question_the_past(case: Designation, at: datetime, note: str) -> None:
    last = Span(case.period.lower, case.period.upper).last
    if case.renews_id and last < at.astimezone(PACIFIC).date() and not seen_text(note):
        raise MoveRefused(
            f"This renewal ended on {last}: it lies wholly in the past. Say in the note why it is "
            "approved for days that have passed, or withdraw it."
        )


@transaction.atomic
def designation_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> Designation:
    """Designate; a second person does this. The public list then says so.

    *Interpretation*: a renewal whose last day has passed is approved with a note that says why, as
    nothing of it can be planned any more and published trade dates may be settled by it. Raises
    MoveRefused without one.
    """
    _question_the_past(Designation.objects.get(pk=case_id), at, note)
    try:
        with transaction.atomic():
            case = transition(
                Designation.objects.get(pk=case_id),
                action="approve",
                actor=actor,
                at=at,
                note=note or "designated",
                set_fields={"decided_by": actor},
            )
    except IntegrityError:
        raise MoveRefused("Another designation of the resource overlaps these days.") from None
    note_decision(notice_id=case.notice_id, decision=Decision.DESIGNATED, actor=actor, at=at)
    tell(
        [case.opened_by],
        topic="designation",
        at=at,
        address=reverse("designations-case", args=[case.pk]),
        title=f"{case.resource.code} is designated",
        body=f"By {actor.username}.",
    )
    return case
