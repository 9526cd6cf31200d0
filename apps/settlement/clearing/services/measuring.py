"""Each SC's liability measured for a day, warned of, and called for collateral."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from apps.platform.accounts.codes import SC_ROLES
from apps.platform.accounts.models import Party, User
from apps.platform.accounts.rules import THE_ISO
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import log_event, transition
from apps.platform.core.effective import ParameterMissing, ParameterSet
from apps.platform.core.money import cents_to_usd
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, Span
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.services import holders, people_of, tell
from apps.platform.parameters.selectors import parameter_set
from apps.reference.market.rules import add_business_days
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF
from apps.settlement.clearing.codes import CLEARERS
from apps.settlement.clearing.models import CollateralCall, CreditEntry, Exposure
from apps.settlement.clearing.rules import (
    AVERAGE_DAYS,
    CALL_DAYS,
    CALL_SHARE,
    MOST_DAYS,
    WARNING_SHARE,
    Liability,
    why_at_least,
)
from apps.settlement.clearing.selectors import credit_on, open_invoices, unassigned, uninvoiced
from apps.settlement.clearing.services.inputs import Outlook, outlook_of, published_amounts, usd
from apps.settlement.clearing.services.ledger import lock_ledger
from apps.settlement.statements.rules import PAYMENT_DAYS
from apps.settlement.statements.selectors import increments_of

ZERO = Decimal("0.00")
ASKED = (
    AVERAGE_DAYS,
    MOST_DAYS,
    CALL_DAYS,
    CALL_SHARE,
    WARNING_SHARE,
    PAYMENT_DAYS,
    NEW_TARIFF_CUTOFF,
)


@implements("BRQ-1402", "BRQ-1401", "BRQ-1400", source="settlement rule book 12.2 and 12.3")
@transaction.atomic
def measure(*, as_of: date, actor: User, at: datetime) -> list[Exposure]:
    """Measure the liability of every SC for a day, keep it with its numbers, warn and call.

    Lines of legacy RMR are in none of what is published, estimated or extrapolated (settlement rule
    book 15, decision G31). Raises ValidationFailed where
    a parameter has no value on the day, or the day is still to come.
    """
    if as_of > at.astimezone(PACIFIC).date():
        raise ValidationFailed.because(
            "CLR-DATE", "A liability is measured for today or an earlier day."
        )
    lock_ledger()
    params = parameter_set(parameters=ASKED, span=Span.through(as_of, as_of), known_at=FAR_MOMENT)
    try:
        outlook = outlook_of(as_of, params)
        known = _known(as_of)
        found = [
            _keep(sc, as_of, outlook, known, params, at)
            for sc in Party.objects.filter(kind="SC", is_active=True).order_by("code")
        ]
    except ParameterMissing as trouble:
        raise ValidationFailed.because("CLR-PARAMETER", str(trouble)) from None
    calls = [_follow_up(e, params, at) for e in found]
    more = f"; {outlook.beyond} trade dates are in none of them" if outlook.beyond else ""
    log_event(
        action="clearing.exposures.measured",
        actor=actor,
        at=at,
        sentence=f"Liability of {len(found)} SCs measured as of {as_of}; "
        f"{sum(1 for c in calls if c)} collateral calls stand{more}",
    )
    return found


def _known(as_of: date) -> dict[str, Any]:
    """Return what the ledger and the statements say by SC key or code."""
    invoices: dict[int, list[tuple[int, date, Decimal]]] = {}
    for number, (sc, due, total) in open_invoices().items():
        invoices.setdefault(sc, []).append((number, due, total))
    waiting = uninvoiced(viewer=THE_ISO, on=as_of)
    adjusted = CreditEntry.objects.filter(
        kind="ADJUSTMENT", state="APPROVED", first_date__lte=as_of
    ).exclude(last_date__lt=as_of)
    return {
        "invoices": invoices,
        "apart": unassigned(),
        "published": published_amounts(waiting),
        "rmr": increments_of([s.pk for s in waiting], "RMR-ALLOC"),
        "synthetic": {s.sc_id for s in waiting if s.is_synthetic},
        "adjustments": list(adjusted.values_list("sc_id", "pk", "amount")),
        "credit": credit_on(as_of),
    }


def _total(pairs: list[tuple[Any, Fraction]]) -> Fraction:
    return sum((amount for _, amount in pairs), Fraction(0))


def _keep(
    sc: Party,
    as_of: date,
    outlook: Outlook,
    known: dict[str, Any],
    params: ParameterSet,
    at: datetime,
) -> Exposure:
    open_now = known["invoices"].get(sc.pk, [])
    due = [(n, Fraction(t)) for n, day, t in open_now if day >= as_of or t < 0]
    late = [(n, Fraction(t)) for n, day, t in open_now if day < as_of and t > 0]
    apart = Fraction(known["apart"].get(sc.pk, ZERO))
    published = known["published"].get(sc.code, [])
    estimated = outlook.estimated.get(sc.code, [])
    adjusted = [(pk, Fraction(a)) for key, pk, a in known["adjustments"] if key == sc.pk]
    projected = [(p, p.shares[sc.code]) for p in outlook.projected if p.shares.get(sc.code)]
    average = outlook.averages.get(sc.code, Fraction(0))
    one = Liability(
        invoiced=_total(due) + apart,
        published=_total(published),
        estimated=_total(estimated),
        extrapolated=(average, len(outlook.gap)),
        projected=[(share, p.days) for p, share in projected],
        past_due=_total(late),
        adjustments=_total(adjusted),
    )
    credit = known["credit"].get(sc.pk, {})
    unsecured, security = credit.get("UNSECURED", ZERO), credit.get("SECURITY", ZERO)
    limit = int((unsecured + security) * 100)
    parts = {name: cents_to_usd(cents) for name, cents in one.components.items()}
    numbered = Exposure.objects.filter(sc=sc, as_of=as_of).aggregate(n=Max("number"))["n"] or 0
    estimated = [(day, a) for day, a in estimated if a]
    return Exposure.objects.create(
        sc=sc,
        as_of=as_of,
        number=numbered + 1,
        at=at,
        **{name.lower(): value for name, value in parts.items()},
        eal=cents_to_usd(one.total),
        unsecured=unsecured,
        security=security,
        available=cents_to_usd(limit - one.total),
        required=cents_to_usd(one.required(limit)),
        is_synthetic=sc.pk in known["synthetic"]
        or (outlook.synthetic and bool(average or estimated or projected)),
        details={
            "invoiced": [[n, usd(a)] for n, a in due],
            "past_due": [[n, usd(a)] for n, a in late],
            "apart": usd(apart),
            "published": [[name, usd(a)] for name, a in published],
            "estimated": [[str(day), usd(a)] for day, a in estimated],
            "average": usd(average),
            "window": [str(d) for d in outlook.window],
            "gap": [str(d) for d in outlook.gap],
            "beyond": outlook.beyond,
            "to_payment": outlook.to_payment,
            "projected": [
                {
                    "contract": p.contract_no,
                    "cost": usd(p.daily),
                    "share": usd(share),
                    "days": p.days,
                    "since": str(p.first),
                }
                for p, share in projected
            ],
            "adjustments": [[pk, usd(a)] for pk, a in adjusted],
            "rmr": {
                "published": usd(Fraction(known["rmr"].get(sc.pk, ZERO))),
                "extrapolated": usd(
                    outlook.average_rmr.get(sc.code, Fraction(0)) * len(outlook.gap)
                ),
                "projected": usd(sum((share * p.days for p, share in projected), Fraction(0))),
            },
        },
    )


def _follow_up(exposure: Exposure, params: ParameterSet, at: datetime) -> CollateralCall | None:
    """Warn, call, close a call that is met, or say that one is overdue; return a standing call.

    Where trade dates lie beyond what an average stands for, the liability is at least what is
    measured: it may call, and never closes a call.
    """
    day = exposure.as_of
    limit = exposure.unsecured + exposure.security
    calls = CollateralCall.objects.filter(sc=exposure.sc, state__in=("CALLED", "OVERDUE"))
    standing = calls.first()
    at_least = why_at_least(exposure.details)
    within = exposure.eal <= limit * params.at(CALL_SHARE, day)
    if within and (standing is None or not at_least):
        if standing is not None:
            transition(
                standing,
                action="answer",
                actor=system_user(),
                at=at,
                note=f"within the limit as of {day}",
            )
        if limit and exposure.eal > limit * params.at(WARNING_SHARE, day):
            _tell(exposure, f"Liability at {exposure.eal / limit * 100:.1f} % of the limit", at)
        return None
    if standing is not None:
        if standing.state == "CALLED" and standing.due < at.astimezone(PACIFIC).date():
            transition(
                standing,
                action="lapse",
                actor=system_user(),
                at=at,
                note=f"not answered by {standing.due}",
            )
            _tell(exposure, f"Collateral call {standing.pk} is overdue", at)
        if within:
            _tell(exposure, f"Collateral call {standing.pk} stands: {at_least}", at)
        return standing
    due = add_business_days(at.astimezone(PACIFIC).date(), int(params.at(CALL_DAYS, day)))
    with pghistory.context(user=system_user().pk):
        call = CollateralCall.objects.create(
            state=CollateralCall.STATES.initial,
            opened_by=system_user(),
            opened_at=at,
            sc=exposure.sc,
            exposure=exposure,
            amount=exposure.required,
            due=due,
        )
    _tell(exposure, f"{dollars(call.amount)} collateral called, due {due}", at)
    return call


def _tell(exposure: Exposure, title: str, at: datetime) -> None:
    tell(
        [*people_of(exposure.sc_id, SC_ROLES), *holders(CLEARERS)],
        topic="credit",
        at=at,
        address=reverse("exposure", args=[exposure.pk]),
        title=f"{exposure.sc.code}: {title}",
        body=f"Liability {dollars(exposure.eal)} as of {exposure.as_of}.",
    )
