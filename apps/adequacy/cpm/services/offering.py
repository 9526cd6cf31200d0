"""Offers of SCs into a solicitation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction

from apps.adequacy.cpm.codes import OFFERERS
from apps.adequacy.cpm.models import CpmOffer, Solicitation
from apps.adequacy.cpm.rules import ADDER, offer_violations
from apps.adequacy.cpm.services.checking import cap_on, rmr_days, spare_of, valued
from apps.platform.accounts.models import User
from apps.platform.accounts.services import bypass_rls
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.core.quantity import plain
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.core.violations import ValidationFailed
from apps.reference.resources.selectors import did_you_mean, resource_ids, sc_of_resource


@dataclass(frozen=True)
class OfferInput:
    """An offer as typed; prices in $/kW-month."""

    solicitation: int
    resource: str
    mw: Decimal
    price: Decimal
    docket: str = ""
    gffc: Decimal | None = None


@transaction.atomic
def submit_offer(*, given: OfferInput, actor: User, at: datetime) -> CpmOffer:
    """Offer a resource of one's own into an open solicitation; raises ValidationFailed."""
    viewer = actor.viewer()
    if not viewer.may(OFFERERS):
        raise ValidationFailed.because("CPM-ROLE", "Your roles do not allow you to offer.")
    asked = Solicitation.objects.filter(pk=given.solicitation).first()
    if asked is None or asked.state != "OPEN" or asked.closes_at <= at:
        raise ValidationFailed.because(
            "CPM-CLOSED", "There is no open solicitation of that number.", "solicitation"
        )
    key = resource_ids({given.resource}).get(given.resource)
    if key is None or sc_of_resource(key, asked.first_date, FAR_MOMENT) != viewer.party_id:
        raise ValidationFailed.because(
            "CPM-RES",
            f"{given.resource} is no resource of yours on "
            f"{asked.first_date}.{did_you_mean(given.resource)}",
            "resource",
        )
    cap = cap_on(asked.first_date)
    with bypass_rls("an offer is checked against everything the resource already shows"):
        spare = spare_of(key, asked.first_date, asked.last_date)
        rmr = rmr_days(key, asked.first_date, asked.last_date)
    found = offer_violations(
        resource=given.resource,
        rmr=rmr,
        mw=given.mw,
        spare=spare,
        price=given.price,
        cap=cap,
        docket=given.docket,
        gffc=given.gffc,
    )
    if found:
        raise ValidationFailed(found)
    above = given.price > cap
    with pghistory.context(user=actor.pk):
        case = CpmOffer.objects.create(
            state=CpmOffer.STATES.initial,
            opened_by=actor,
            opened_at=at,
            solicitation=asked,
            sc_id=viewer.own_party,
            resource_id=key,
            mw=given.mw,
            price=given.price,
            cap=cap,
            docket=given.docket.strip(),
            gffc=given.gffc if above else None,
            adder=valued(ADDER, asked.first_date) if above else None,
            effectiveness=Decimal(1),
        )
    log_event(
        action="cpm.cpmoffer.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{given.resource}: {plain(given.mw)} MW at {plain(given.price)} $/kW-month into "
        f"solicitation no. {asked.pk}",
    )
    return case


def withdraw_offer(*, case_id: int, actor: User, at: datetime, note: str = "") -> CpmOffer:
    """Take an offer back while the solicitation is open; afterwards it binds."""
    case = CpmOffer.objects.select_related("solicitation").get(pk=case_id)
    if case.solicitation.state != "OPEN" or case.solicitation.closes_at <= at:
        raise MoveRefused("The solicitation is closed; the offer binds.")
    return transition(case, action="withdraw", actor=actor, at=at, note=note)


def rate_offer(
    *, case_id: int, actor: User, at: datetime, effectiveness: Decimal, note: str = ""
) -> CpmOffer:
    """Say how much of the need a megawatt of an offer meets."""
    case = CpmOffer.objects.get(pk=case_id)
    return transition(
        case,
        action="rate",
        actor=actor,
        at=at,
        note=note,
        set_fields={"effectiveness": effectiveness},
    )


def approve_offer_price(
    *,
    case_id: int,
    actor: User,
    at: datetime,
    approved_price: Decimal,
    approved_on: date,
    docket: str,
    note: str = "",
) -> CpmOffer:
    """Enter what FERC approved for an offer above the cap; it is paid that (BRQ-0310)."""
    case = CpmOffer.objects.get(pk=case_id)
    if case.price <= case.cap:
        raise MoveRefused("The offer is not above the soft-offer cap; it is paid as bid.")
    fields = {
        "approved_price": approved_price,
        "approved_on": approved_on,
        "docket": docket.strip(),
    }
    return transition(
        case, action="approve_price", actor=actor, at=at, note=note, set_fields=fields
    )
