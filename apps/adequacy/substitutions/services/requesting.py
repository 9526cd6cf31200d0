"""Requests for substitution: checked at once; planned ones decided by the ISO."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.adequacy.substitutions.codes import DECIDERS, REQUESTERS
from apps.adequacy.substitutions.models import Substitution
from apps.adequacy.substitutions.rules import TIMING, refuse_rmr_substitute, timing
from apps.adequacy.substitutions.services.matching import (
    SubstitutionNeed,
    candidates_for,
    days_of,
    need_of,
    rmr_within,
)
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.accounts.services import bypass_rls
from apps.platform.audit.services import MoveRefused, knowledge_moment, log_event, transition
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, PACIFIC, Span
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import Severity, ValidationFailed, Violation
from apps.platform.notifications.services import holders, people_of, tell
from apps.platform.parameters.selectors import parameter_set
from apps.reference.resources.selectors import (
    did_you_mean,
    resource_codes,
    resource_ids,
    sc_of_resource,
    scs_over,
)


@dataclass(frozen=True)
class SubstitutionInput:
    """A substitution as typed. ``late_reason``: the ISO's, for one that comes too late."""

    outage: str
    substitute: str
    part: str
    mw: Decimal
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    late_reason: str = ""


@implements("BRQ-0210", "BRQ-0211", "BRQ-0225", source="BRS 1.2 section 6.2.2")
@transaction.atomic
def request_substitution(*, given: SubstitutionInput, actor: User, at: datetime) -> Substitution:
    """Ask that a resource stand in for one that is out; raises ValidationFailed with all against
    it.

    A forced outage's is approved at once where every check passes (*Interpretation*), a planned
    one's waits for the ISO.
    """
    viewer = actor.viewer()
    if not viewer.may(REQUESTERS):
        raise ValidationFailed.because(
            "SUB-ROLE", "Your roles do not allow you to ask for substitution."
        )
    with bypass_rls("a substitution is checked against what every resource shows"):
        # two requests for the same megawatts come one after the other
        moment = knowledge_moment(at=at)
        need = need_of(
            reference=given.outage,
            part=given.part,
            starts_at=given.starts_at,
            ends_at=given.ends_at,
        )
        key = resource_ids({given.substitute}).get(given.substitute)
        if key is None:
            raise ValidationFailed.because(
                "SUB-RES",
                f"There is no such resource.{did_you_mean(given.substitute)}",
                "substitute",
            )
        sc_id, found = _parties(need, key, actor)
        if found:
            raise ValidationFailed(found)
        found = _fits(need, key, given.mw)
    process, late = _timing(need, at)
    if late and not (viewer.is_iso and seen_text(given.late_reason)):
        found += late
    if found:
        raise ValidationFailed(found)
    remarks = (
        []
        if need.wanted
        else [
            Violation(
                "RMR-W-0210F",
                f"{need.outage.nature} wants no substitute.",
                severity=Severity.WARNING,
            ).as_dict()
        ]
    )
    with pghistory.context(user=actor.pk):
        case = Substitution.objects.create(
            state=Substitution.STATES.initial,
            opened_by=actor,
            opened_at=at,
            outage=need.outage.outage,
            outage_type=need.outage.outage_type,
            nature=need.outage.nature,
            resource_id=need.outage.resource_id,
            sc_id=sc_id,
            starts_at=need.starts_at,
            ends_at=need.ends_at,
            substitute_id=key,
            part=given.part,
            mw=given.mw,
            process=process,
            late_reason=seen_text(given.late_reason) if late else "",
            remarks=remarks,
        )
    sentence = (
        f"{given.substitute} for {need.resource}: {plain(given.mw)} MW {given.part}, "
        f"{need.starts_at.astimezone(PACIFIC):%Y-%m-%d %H:%M} to "
        f"{need.ends_at.astimezone(PACIFIC):%Y-%m-%d %H:%M}"
    )
    log_event(
        action="substitutions.substitution.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=sentence,
    )
    if need.outage.outage_type == "FORCED":
        with bypass_rls("a forced outage's substitution is approved in the system's name"):
            return transition(
                case,
                action="accept",
                actor=system_user(),
                at=at,
                note="every check passed",
                set_fields={"decided_at": moment, "decided_by": system_user()},
            )
    tell(
        holders(DECIDERS, but=actor),
        topic="adequacy",
        at=at,
        address=reverse("substitutions-case", args=[case.pk]),
        title=f"Substitution waits: {sentence}"[:200],
    )
    return case


def _parties(need: SubstitutionNeed, key: int, actor: User) -> tuple[int, list[Violation]]:
    """Return the SC of record, and what of the parties stands against it, day by day (BRQ-0225)."""
    viewer = actor.viewer()
    days = days_of(need.starts_at, need.ends_at)
    if key == need.outage.resource_id:
        return 0, [
            Violation("SUB-RES", "A resource cannot stand in for itself.", column="substitute")
        ]
    sc_id = sc_of_resource(need.outage.resource_id, days[0], FAR_MOMENT)
    if viewer.is_iso:
        if sc_id is None:
            return 0, [Violation("SUB-SC", "The resource has no SC then.", column="outage")]
        return sc_id, []
    assert actor.party is not None
    if sc_id != viewer.party_id:
        return 0, [_not_yet(need, days[0], actor.party.code)]
    return sc_id or 0, _own_days(need.outage.resource_id, key, days, actor.party.code)


def _not_yet(need: SubstitutionNeed, day: date, code: str) -> Violation:
    """Return why an SC may not ask from a day on: the resource comes to it later, or never."""
    end = need.outage.ends_at
    until = FAR_FUTURE if end is None else Span.through(day, days_of(need.starts_at, end)[-1]).end
    held = scs_over({need.outage.resource_id}, Span(day, until)).get(need.outage.resource_id, ())
    own = [span.first for sc, span in held if sc == code]
    if not own:
        return Violation(
            "SUB-OUTAGE", "There is no such outage of a resource of yours.", column="outage"
        )
    return Violation(
        "SUB-SC",
        f"Before {min(own)} the resource is another SC's; ask for the days from {min(own)}.",
        column="starts_at",
    )


def _own_days(out: int, key: int, days: list[date], code: str) -> list[Violation]:
    held = scs_over({out, key}, Span.through(days[0], days[-1]))
    for resource, column in ((out, "ends_at"), (key, "substitute")):
        own = [span for party, span in held.get(resource, ()) if party == code]
        missing = next((d for d in days if not any(d in span for span in own)), None)
        if missing is None:
            continue
        said = (
            "There is no such resource of yours in the window."
            if column == "substitute"
            else f"From {missing} on the resource is another SC's; ask for the days before."
        )
        return [Violation("SUB-SC", said, column=column)]
    return []


def _fits(need: SubstitutionNeed, key: int, mw: Decimal, but: int | None = None) -> list[Violation]:
    found = candidates_for(need, only={key}, mw=mw, but=but)
    if not found and rmr_within(days_of(need.starts_at, need.ends_at), {key}):
        return [refuse_rmr_substitute(resource_codes({key})[key])]
    if not found:
        name = "EFC" if need.part == "FLEX" else "NQC"
        return [
            Violation("RMR-E-0210D", f"The substitute has no {name} on file.", column="substitute")
        ]
    return found[0].violations


def _timing(need: SubstitutionNeed, at: datetime) -> tuple[str, list[Violation]]:
    day = need.starts_at.astimezone(PACIFIC).date()
    params = parameter_set(parameters=TIMING, span=Span.through(day, day), known_at=FAR_MOMENT)
    try:
        return timing(
            outage_type=need.outage.outage_type,
            filed_at=need.outage.filed_at,
            starts_at=need.starts_at,
            at=at,
            params=params,
        )
    except ParameterMissing as trouble:
        raise ValidationFailed.because("SUB-PARAMETER", str(trouble)) from None


def _told(case: Substitution, at: datetime) -> Substitution:
    tell(
        people_of(case.sc_id, REQUESTERS),
        topic="adequacy",
        at=at,
        address=reverse("substitutions-case", args=[case.pk]),
        title=f"Substitution no. {case.pk} is {case.state.lower()}",
    )
    return case


@transaction.atomic
def substitution_approve(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> Substitution:
    """Approve a request as it stands now; what no longer fits cannot be approved."""
    moment = knowledge_moment(at=at)
    case = Substitution.objects.get(pk=case_id)
    need = need_of(
        reference=case.outage,
        part=case.part,
        starts_at=case.starts_at,
        ends_at=case.ends_at,
        but=case.pk,
    )
    found = _fits(need, case.substitute_id, case.mw, but=case.pk)
    if found:
        raise MoveRefused("It no longer fits: " + " ".join(f"{f.code} {f.message}" for f in found))
    case = transition(
        case,
        action="approve",
        actor=actor,
        at=at,
        note=note or "approved",
        set_fields={"decided_by": actor, "decided_at": moment},
    )
    return _told(case, at)


@transaction.atomic
def substitution_deny(*, case_id: int, actor: User, at: datetime, note: str = "") -> Substitution:
    """Deny a request; the reason is told."""
    case = transition(
        Substitution.objects.get(pk=case_id),
        action="deny",
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor, "decided_at": at},
    )
    return _told(case, at)


def _of_record(case: Substitution, actor: User, at: datetime) -> None:
    """Refuse anybody but the SC of record now, and the ISO (BRQ-0225)."""
    viewer = actor.viewer()
    if viewer.is_iso:
        return
    day = max(case.starts_at, at).astimezone(PACIFIC).date()
    if sc_of_resource(case.resource_id, day, FAR_MOMENT) != viewer.party_id:
        raise MoveRefused(f"The resource is another SC's on {day}; only that one may change it.")


@transaction.atomic
def withdraw_substitution(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> Substitution:
    """Take a request back."""
    case = Substitution.objects.get(pk=case_id)
    _of_record(case, actor, at)
    return transition(case, action="withdraw", actor=actor, at=at, note=note)


@transaction.atomic
def cancel_substitution(*, case_id: int, actor: User, at: datetime, note: str = "") -> Substitution:
    """End a substitution now; what it stood for until then stays."""
    moment = knowledge_moment(at=at)
    case = Substitution.objects.get(pk=case_id)
    _of_record(case, actor, at)
    if case.ends_at <= at:
        raise MoveRefused("It has ended already.")
    return transition(
        case, action="cancel", actor=actor, at=at, note=note, set_fields={"ended_at": moment}
    )
