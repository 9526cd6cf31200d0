"""Designations: offered by the ISO at the cap, accepted by the SC, reported to the public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.adequacy.cpm.codes import OFFERERS, PROCURERS, TYPES
from apps.adequacy.cpm.models import CpmDesignation, CpmPrice, CpmReport
from apps.adequacy.cpm.rules import report_due
from apps.adequacy.cpm.services.checking import cap_on, days_violations, rmr_days, spare_of
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import everybody_of, system_user
from apps.platform.accounts.services import bypass_rls
from apps.platform.audit.services import (
    MoveRefused,
    knowledge_moment,
    log_event,
    supersede,
    transition,
)
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, Span
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import holders, people_of, tell
from apps.reference.resources.selectors import did_you_mean, resource_ids, sc_of_resource


@dataclass(frozen=True)
class CpmDesignationInput:
    """A designation the ISO offers at the soft-offer cap."""

    resource: str
    type: str
    reason: str
    mw: Decimal
    first_date: date
    last_date: date
    text: str
    part: str = "GENERIC"


@implements("BRQ-0300", "BRQ-0305", source="BRS 1.2 section 6.2.3")
@transaction.atomic
def propose_designation(*, given: CpmDesignationInput, actor: User, at: datetime) -> CpmDesignation:
    """Propose to offer a designation at the cap; raises ValidationFailed, for RMR of either vintage
    too.
    """
    if not actor.viewer().may(PROCURERS):
        raise ValidationFailed.because("CPM-ROLE", "Your roles do not allow you to designate.")
    found = days_violations(given.first_date, given.last_date)
    if found:
        raise ValidationFailed(found)
    key = resource_ids({given.resource}).get(given.resource)
    sc = sc_of_resource(key, given.first_date, FAR_MOMENT) if key else None
    if key is None or sc is None:
        raise ValidationFailed.because(
            "CPM-RES",
            f"{given.resource} has no SC on {given.first_date}.{did_you_mean(given.resource)}",
            "resource",
        )
    rmr = rmr_days(key, given.first_date, given.last_date)
    spare = spare_of(key, given.first_date, given.last_date, given.part)
    if rmr is not None:
        found.append(
            Violation(
                "RMR-E-0300",
                f"{given.resource} is RMR from {rmr[0]} to {rmr[1]}; no CPM award.",
                column="resource",
            )
        )
    if given.mw <= 0 or (spare is not None and given.mw > spare):
        found.append(
            Violation(
                "CPM-MW",
                f"MW lie above 0 and up to what is left: {plain(spare or Decimal(0))} MW.",
                column="mw",
            )
        )
    if found:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        case = CpmDesignation.objects.create(
            state=CpmDesignation.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=key,
            sc_id=sc,
            type=given.type,
            reason=given.reason,
            part=given.part,
            mw=given.mw,
            first_date=given.first_date,
            last_date=given.last_date,
            text=given.text.strip(),
        )
    log_event(
        action="cpm.cpmdesignation.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{TYPES[given.type]} of {given.resource}: {plain(given.mw)} MW, "
        f"{given.first_date} to {given.last_date}",
    )
    return case


@transaction.atomic
def offer_designation(*, case_id: int, actor: User, at: datetime, note: str = "") -> CpmDesignation:
    """Approve a proposal and offer it to the SC at the soft-offer cap."""
    case = CpmDesignation.objects.select_related("resource").get(pk=case_id)
    cap = cap_on(case.first_date)
    case = transition(
        case,
        action="offer",
        actor=actor,
        at=at,
        note=note or f"offered at {plain(cap)} $/kW-month",
        set_fields={"decided_by": actor, "selected_on": at.astimezone(PACIFIC).date()},
    )
    tell(
        people_of(case.sc_id, OFFERERS),
        topic="cpm",
        at=at,
        address=reverse("cpm-designations-case", args=[case.pk]),
        title=f"CPM of {case.resource.code} is offered: {plain(case.mw)} MW",
        body=f"{case.first_date} to {case.last_date} at the soft-offer cap, {plain(cap)} "
        "$/kW-month. Accepting binds.",
    )
    return case


def designated(
    case: CpmDesignation,
    *,
    price: Decimal,
    proposed_by: User,
    approved_by: User,
    at: datetime,
    note: str,
) -> CpmDesignation:
    """Let a designation and its price hold, and say when its report is due."""
    moment = knowledge_moment(at=at)
    selected = case.selected_on or at.astimezone(PACIFIC).date()
    case = (
        transition(
            case,
            action="designate",
            actor=system_user(),
            at=at,
            note=note,
            set_fields={
                "designated_at": moment,
                "report_due": report_due(
                    selected=selected, effective=case.first_date, kind=case.type
                ),
            },
        )
        if case.state == "PROPOSED"
        else case
    )
    supersede(
        model=CpmPrice,
        key={"designation_id": case.pk},
        values={"price": price},
        span=Span.through(case.first_date, case.last_date),
        known_from=moment,
        reference=note,
        proposed_by=proposed_by,
        approved_by=approved_by,
    )
    return case


@transaction.atomic
def accept_designation(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> CpmDesignation:
    """Accept an offered designation; that binds (BRQ-0305)."""
    case = CpmDesignation.objects.select_related("decided_by", "opened_by").get(pk=case_id)
    if case.sc_id != actor.party_id:
        raise MoveRefused("Only the SC of the resource accepts.")
    with bypass_rls("an accepted CPM offer is designated in the ISO's name"):
        moment = knowledge_moment(at=at)
        if rmr_days(case.resource_id, case.first_date, case.last_date) is not None:
            raise MoveRefused("RMR-E-0300: the resource has become RMR.")
        case = transition(
            case,
            action="accept",
            actor=actor,
            at=at,
            note=note or "accepted",
            set_fields={
                "designated_at": moment,
                "report_due": report_due(
                    selected=case.selected_on or at.date(),
                    effective=case.first_date,
                    kind=case.type,
                ),
            },
        )
        return designated(
            case,
            price=cap_on(case.first_date),
            proposed_by=case.opened_by,
            approved_by=case.decided_by or system_user(),
            at=at,
            note="ISO offer accepted",
        )


def decline_designation(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> CpmDesignation:
    """Decline an offered designation."""
    case = CpmDesignation.objects.get(pk=case_id)
    if case.sc_id != actor.party_id:
        raise MoveRefused("Only the SC of the resource declines.")
    return transition(case, action="decline", actor=actor, at=at, note=note)


@implements("BRQ-0330", source="BRS 1.2 section 6.2.3")
@transaction.atomic
def post_report(*, case_id: int, actor: User, at: datetime, note: str = "") -> CpmDesignation:
    """Post the designation report on the public site, with a notice to every party."""
    case = CpmDesignation.objects.select_related("resource").get(pk=case_id)
    if case.report_posted_at is not None:
        raise MoveRefused("The report is posted already.")
    price = case.prices.filter(known__contains=FAR_MOMENT).order_by("valid").first()
    case = transition(
        case,
        action="post_report",
        actor=actor,
        at=at,
        note=note or "designation report posted",
        set_fields={"report_posted_at": at},
    )
    CpmReport.objects.create(
        designation=case,
        posted_at=at,
        resource_code=case.resource.code,
        type=case.type,
        reason=case.reason,
        mw=case.mw,
        price=price.price if price else cap_on(case.first_date),
        first_date=case.first_date,
        last_date=case.last_date,
        selected_on=case.selected_on or case.first_date,
        due=case.report_due,
        text=case.text,
    )
    tell(
        everybody_of("SC"),
        topic="cpm",
        at=at,
        address=reverse("cpm-reports"),
        title=f"CPM designation report: {case.resource.code}, {plain(case.mw)} MW",
        body=f"{TYPES[case.type]}, {case.first_date} to {case.last_date}.",
    )
    return case


def overdue_reports(day: date) -> list[CpmDesignation]:
    """Return designations whose report should have been posted by now (RMR-W-0330)."""
    rows = CpmDesignation.objects.filter(
        state="DESIGNATED", report_posted_at=None, report_due__lt=day
    )
    return list(rows.select_related("resource").order_by("report_due", "pk"))


def remind_reports(*, at: datetime) -> int:
    """Tell who procures of reports that are overdue; return how many."""
    found = overdue_reports(at.astimezone(PACIFIC).date())
    for case in found:
        tell(
            holders(PROCURERS),
            topic="cpm",
            at=at,
            address=reverse("cpm-designations-case", args=[case.pk]),
            title=f"RMR-W-0330 designation report overdue since {case.report_due}",
            body=f"{case.resource.code}, {plain(case.mw)} MW.",
        )
    return len(found)
