"""Price changes of designations; late ones ask for an optional run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.adequacy.cpm.models import CpmDesignation, CpmPrice, CpmPriceChange
from apps.adequacy.cpm.rules import OPTIONAL_AFTER
from apps.adequacy.cpm.services.checking import valued
from apps.platform.accounts.codes import ANALYSTS, CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import knowledge_moment, log_event, supersede, transition
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, Span, last_of_month
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import holders, tell
from apps.platform.runs.hooks import Correction
from apps.platform.runs.services import corrected
from apps.reference.market.rules import add_business_days


@dataclass(frozen=True)
class CpmPriceInput:
    """A price for trade dates of a designation, in $/kW-month."""

    designation: int
    price: Decimal
    first_date: date
    last_date: date
    reference: str
    docket: str = ""


@transaction.atomic
def propose_price(*, given: CpmPriceInput, actor: User, at: datetime) -> CpmPriceChange:
    """Propose another price; raises ValidationFailed."""
    if not actor.viewer().may(CONTRACT_WRITERS):
        raise ValidationFailed.because("CPM-ROLE", "Your roles do not allow you to change prices.")
    case = CpmDesignation.objects.filter(pk=given.designation, state="DESIGNATED").first()
    found = []
    if case is None:
        found.append(
            Violation(
                "CPM-NONE", "There is no designation of that number in force.", column="designation"
            )
        )
    elif not case.first_date <= given.first_date <= given.last_date <= case.last_date:
        found.append(
            Violation(
                "CPM-DATE",
                f"The days lie within {case.first_date} to {case.last_date}.",
                column="first_date",
            )
        )
    if given.price <= 0:
        found.append(Violation("CPM-PRICE", "A price is above 0.", column="price"))
    if found or case is None:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        change = CpmPriceChange.objects.create(
            state=CpmPriceChange.STATES.initial,
            opened_by=actor,
            opened_at=at,
            designation=case,
            price=given.price,
            first_date=given.first_date,
            last_date=given.last_date,
            docket=given.docket.strip(),
            reference=given.reference.strip(),
        )
    log_event(
        action="cpm.cpmpricechange.opened",
        actor=actor,
        at=at,
        subject=change,
        sentence=f"CPM no. {case.pk}: {plain(given.price)} $/kW-month from {given.first_date} to "
        f"{given.last_date}",
    )
    return change


def late_days(first: date, last: date, today: date) -> list[date]:
    """Return the trade dates of a span whose T+55 business days have passed."""
    after = valued(OPTIONAL_AFTER, first)
    return [day for day in Span.through(first, last) if add_business_days(day, after) < today]


@implements("BRQ-1320", source="BRS 1.2 section 6.4.2")
@transaction.atomic
def price_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> CpmPriceChange:
    """Let a price hold; where trade dates are past T+55, settlements are asked for an optional run.

    Earlier-published trade dates keep what they were until that run resettles them.
    """
    change = CpmPriceChange.objects.select_related("designation__resource", "opened_by").get(
        pk=case_id
    )
    today = at.astimezone(PACIFIC).date()
    late = late_days(change.first_date, change.last_date, today)
    fields = {
        "decided_by": actor,
        "optional_from": late[0] if late else None,
        "optional_to": late[-1] if late else None,
    }
    change = transition(
        change, action="approve", actor=actor, at=at, note=note or "approved", set_fields=fields
    )
    moment = knowledge_moment(at=at)
    span = Span.through(change.first_date, change.last_date)
    supersede(
        model=CpmPrice,
        key={"designation_id": change.designation_id},
        values={"price": change.price},
        span=span,
        known_from=moment,
        reference=change.reference,
        proposed_by=change.opened_by,
        approved_by=actor,
    )
    resource = change.designation.resource
    corrected(
        Correction(
            "CPM_PRICE",
            f"CPM price of {resource.code}",
            reverse("cpm-price-changes-case", args=[change.pk]),
            resource.pk,
            tuple(sorted({last_of_month(day) for day in span})),
        ),
        actor=actor,
        at=moment,
    )
    if late:
        tell(
            holders(ANALYSTS),
            topic="cpm",
            at=at,
            address=reverse("cpm-price-changes-case", args=[change.pk]),
            title=f"Optional run asked for: {late[0]} to {late[-1]}",
            body=f"The CPM price of {change.designation.resource.code} changed after T+55 on "
            f"{len(late)} trade dates.",
        )
    return change
