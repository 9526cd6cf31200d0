"""Solicitations: open, select at least cost, designate by a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.adequacy.cpm.codes import OFFERERS, PROCURERS
from apps.adequacy.cpm.models import CpmDesignation, CpmOffer, Solicitation
from apps.adequacy.cpm.rules import Offered, least_cost
from apps.adequacy.cpm.services.checking import days_violations, rmr_days, spare_of
from apps.adequacy.cpm.services.designating import designated
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import people_of, tell
from apps.reference.resources.rules import question, shown
from apps.reference.resources.selectors import local_areas


@dataclass(frozen=True)
class SolicitationInput:
    """A solicitation as typed."""

    kind: str
    type: str
    reason: str
    first_date: date
    last_date: date
    need_mw: Decimal
    closes_at: datetime
    text: str
    local_area: str = ""


@transaction.atomic
def solicit(*, given: SolicitationInput, actor: User, at: datetime) -> Solicitation:
    """Open a solicitation; raises ValidationFailed."""
    if not actor.viewer().may(PROCURERS):
        raise ValidationFailed.because("CPM-ROLE", "Your roles do not allow you to solicit offers.")
    found = days_violations(given.first_date, given.last_date)
    today = at.astimezone(PACIFIC).date()
    if given.last_date < today:
        found.append(
            Violation(
                "CPM-PAST",
                f"{given.first_date} to {given.last_date} is past; offers are asked for days that "
                f"are to come, from {today} on.",
                column="first_date",
            )
        )
    if given.need_mw <= 0:
        found.append(Violation("CPM-MW", "A need is above 0 MW.", column="need_mw"))
    areas = local_areas()
    if given.local_area and given.local_area not in areas:
        found.append(
            Violation(
                "CPM-AREA",
                f"There is no local area {shown(given.local_area)}."
                f"{question(given.local_area, areas)}",
                column="local_area",
            )
        )
    if given.closes_at <= at:
        found.append(Violation("CPM-DATE", "It closes after now.", column="closes_at"))
    if found:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        case = Solicitation.objects.create(
            state=Solicitation.STATES.initial,
            opened_by=actor,
            opened_at=at,
            kind=given.kind,
            type=given.type,
            reason=given.reason,
            first_date=given.first_date,
            last_date=given.last_date,
            need_mw=given.need_mw,
            closes_at=given.closes_at,
            local_area_id=areas.get(given.local_area),
            text=given.text.strip(),
        )
    log_event(
        action="cpm.solicitation.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{given.kind} solicitation of {plain(given.need_mw)} MW, {given.first_date} to "
        f"{given.last_date}",
    )
    return case


def _usable(case: Solicitation) -> tuple[list[CpmOffer], list[dict[str, str]]]:
    """Return the offers that may be selected, and why each other one may not."""
    kept, left = [], []
    for offer in case.offers.filter(state="SUBMITTED").select_related("resource").order_by("pk"):
        rmr = rmr_days(offer.resource_id, case.first_date, case.last_date)
        why = ""
        if rmr is not None:
            why = f"RMR-E-0300: RMR from {rmr[0]} to {rmr[1]}"
        elif offer.paid is None:
            why = "above the soft-offer cap, without an approved price"
        elif (spare_of(offer.resource_id, case.first_date, case.last_date) or 0) < offer.mw:
            why = "more than is left of its NQC by now"
        if why:
            left.append({"offer": str(offer.pk), "resource": offer.resource.code, "why": why})
        else:
            kept.append(offer)
    return kept, left


@implements("BRQ-0305", "BRQ-0310", source="BRS 1.2 section 6.2.3")
@transaction.atomic
def select_offers(*, case_id: int, actor: User, at: datetime, note: str = "") -> Solicitation:
    """Select offers at least cost for the need; another person approves."""
    case = Solicitation.objects.get(pk=case_id)
    kept, left = _usable(case)
    by_key = {o.pk: o for o in kept}
    offered = [Offered(o.pk, o.mw, o.paid, o.effectiveness, o.pk) for o in kept]
    chosen, unmet = least_cost(offered, case.need_mw)
    rows = [
        {
            "offer": c.key,
            "resource": by_key[c.key].resource.code,
            "mw": plain(c.mw),
            "of": plain(by_key[c.key].mw),
            "price": plain(by_key[c.key].paid),
            "effectiveness": plain(by_key[c.key].effectiveness),
            "effective_mw": plain(c.effective_mw),
            "cost": plain(c.cost.quantize(Decimal("0.01"))),
        }
        for c in chosen
    ]
    taken = {c.key for c in chosen}
    left += [
        {"offer": str(o.pk), "resource": o.resource.code, "why": "dearer than what was taken"}
        for o in kept
        if o.pk not in taken
    ]
    selection = {
        "taken": rows,
        "left": left,
        "unmet": plain(unmet),
        "cost": plain(sum((c.cost for c in chosen), Decimal(0)).quantize(Decimal("0.01"))),
    }
    return transition(
        case,
        action="select",
        actor=actor,
        at=at,
        note=note or f"{len(rows)} offers selected, {plain(unmet)} MW unmet",
        set_fields={
            "selection": selection,
            "selected_by": actor,
            "selected_on": at.astimezone(PACIFIC).date(),
        },
    )


@implements("BRQ-0300", "BRQ-0305", source="BRS 1.2 section 6.2.3")
@transaction.atomic
def approve_selection(*, case_id: int, actor: User, at: datetime, note: str = "") -> Solicitation:
    """Designate what was selected: mandatory, the resources accepted by offering."""
    case = Solicitation.objects.select_related("selected_by").get(pk=case_id)
    if case.selected_by_id == actor.pk:
        raise MoveRefused("You selected the offers; another person approves.")
    rows = {row["offer"]: row for row in case.selection.get("taken", ())}
    usable, _ = _usable(case)
    gone = set(rows) - {o.pk for o in usable}
    if gone:
        raise MoveRefused("Offers that were selected may no longer be; select again.")
    case = transition(
        case,
        action="approve",
        actor=actor,
        at=at,
        note=note or "approved",
        set_fields={"decided_by": actor},
    )
    for offer in usable:
        row = rows.get(offer.pk)
        if row is None:
            transition(offer, action="leave", actor=system_user(), at=at)
            continue
        mw = Decimal(row["mw"])
        transition(offer, action="take", actor=system_user(), at=at, set_fields={"taken_mw": mw})
        with pghistory.context(user=actor.pk):
            made = CpmDesignation.objects.create(
                state=CpmDesignation.STATES.initial,
                opened_by=case.selected_by or case.opened_by,
                opened_at=at,
                offer=offer,
                resource_id=offer.resource_id,
                sc_id=offer.sc_id,
                type=case.type,
                reason=case.reason,
                mw=mw,
                first_date=case.first_date,
                last_date=case.last_date,
                selected_on=case.selected_on,
                text=case.text,
            )
        designated(
            made,
            price=Decimal(row["price"]),
            proposed_by=made.opened_by,
            approved_by=actor,
            at=at,
            note=f"offer no. {offer.pk} accepted",
        )
        tell(
            people_of(offer.sc_id, OFFERERS),
            topic="cpm",
            at=at,
            address=reverse("cpm-designations-case", args=[made.pk]),
            title=f"{offer.resource.code} is designated CPM: {plain(mw)} MW",
            body=f"{case.first_date} to {case.last_date}, {row['price']} $/kW-month. Your offer "
            "binds.",
        )
    return case
