"""A default that stays unpaid becomes a loss shared by all participants."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import sc_codes, system_user
from apps.platform.audit.services import log_event, transition
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.quantity import MWH, dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.platform.core.violations import ValidationFailed
from apps.platform.parameters.selectors import value_on
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import METERED_DEMAND, RESULT_DATASETS
from apps.reference.market.selectors import demand_of_days, metered_by_day
from apps.reference.resources.selectors import scs_over
from apps.settlement.clearing.codes import CLEARERS, Account
from apps.settlement.clearing.models import DefaultLoss, Invoice, InvoiceStatement, PaymentDefault
from apps.settlement.clearing.rules import (
    LOSS_QUARTERS,
    Measures,
    NothingMeasured,
    give_back,
    loss_shares,
)
from apps.settlement.clearing.selectors import open_invoices, waiting_for
from apps.settlement.clearing.services.ledger import Happening, Side, lock_ledger, post
from apps.settlement.clearing.services.legacy import legacy_increments, legacy_over

ZERO = Decimal("0.00")
INTERVALS = RESULT_DATASETS[3].name


@dataclass(frozen=True)
class LossInput:
    """A default to be shared, and on what grounds; no amount: all creditors still wait for."""

    default: int
    reference: str
    amount: Decimal | None = None


def look_back(day: date, quarters: int) -> tuple[date, date]:
    """Return the first and last day of the calendar quarters that ended before a day."""
    month = (day.month - 1) // 3 * 3 + 1
    end = day.replace(month=month, day=1)
    months = end.year * 12 + end.month - 1 - 3 * quarters
    return date(months // 12, months % 12 + 1, 1), end - timedelta(days=1)


@implements("BRQ-1401", "BRQ-1400", source="settlement rule book 12.5")
def measured(first: date, last: date, *, quarters: int, but: str) -> list[Measures]:
    """Return each SC's quarterly averages of a look-back: receivable, absolute, energy.

    Invoices of the market alone are counted: new-tariff RMR is in them. Of legacy RMR neither the
    energy nor what its statement lines bill counts (settlement rule book 15, decision G31).
    """
    payable: dict[str, Decimal] = defaultdict(lambda: ZERO)
    absolute: dict[str, Decimal] = defaultdict(lambda: ZERO)
    rows = Invoice.objects.filter(day__gte=first, day__lte=last).select_related("sc")
    apart = _legacy_of_invoices([i.pk for i in rows])
    for sc, net in ((i.sc.code, i.net - apart.get(i.pk, ZERO)) for i in rows):
        payable[sc] += max(-net, ZERO)
        absolute[sc] += abs(net)
    demand, generation = _energy(first, last)
    found = []
    for sc in sorted({*payable, *demand, *generation} - {but}):
        mwh = Fraction(max(demand.get(sc, 0), generation.get(sc, 0)), MWH.scale)
        found.append(
            Measures(
                sc,
                Fraction(payable[sc]) / quarters,
                Fraction(absolute[sc]) / quarters,
                mwh / quarters,
            )
        )
    return found


def _legacy_of_invoices(invoice_ids: list[int]) -> dict[int, Decimal]:
    """Return what invoices bill for legacy RMR by invoice."""
    billed = InvoiceStatement.objects.filter(invoice__in=invoice_ids)
    rows = list(billed.values_list("invoice_id", "statement_id", "statement__trade_date"))
    found = legacy_increments({statement: day for _, statement, day in rows})
    sums: dict[int, Decimal] = {}
    for invoice, statement, _ in rows:
        if statement in found:
            sums[invoice] = sums.get(invoice, ZERO) + found[statement]
    return sums


def _energy(first: date, last: date) -> tuple[dict[str, int], dict[str, int]]:
    """Return metered demand and metered generation by SC in stored steps."""
    codes = sc_codes()
    days = list(Span.through(first, last))
    demand: dict[str, int] = defaultdict(int)
    generation: dict[str, int] = defaultdict(int)
    versions = versions_known_at(METERED_DEMAND.name, FAR_MOMENT, days=days)
    for _, sc, _, mwh in demand_of_days(versions):
        demand[codes.get(sc, str(sc))] += mwh
    metered = metered_by_day(versions_known_at(INTERVALS, FAR_MOMENT, days=days))
    legacy = legacy_over({day for day, _, _ in metered})
    owners = scs_over({key for _, key, _ in metered}, Span.through(first, last))
    for day, resource, mwh in metered:
        if mwh > 0 and resource not in legacy[day]:
            for owner in (sc for sc, span in owners.get(resource, []) if day in span):
                generation[owner] += mwh
    return demand, generation


@implements("BRQ-1401", source="settlement rule book 12.5")
@transaction.atomic
def propose_loss(*, given: LossInput, actor: User, at: datetime) -> DefaultLoss:
    """Propose that a default be shared, with every measure kept; raises ValidationFailed."""
    if not actor.viewer().may(CLEARERS):
        raise ValidationFailed.because("CLR-ROLE", "Your roles do not allow you to propose losses.")
    default = PaymentDefault.objects.select_related("sc").filter(pk=given.default).first()
    if default is None or default.state != "OPEN":
        raise ValidationFailed.because(
            "CLR-DEFAULT", f"There is no open default no. {given.default}.", "default"
        )
    waiting = sum(waiting_for(default.day).values(), ZERO)
    most = min(waiting, default.shortfall - min(default.received, default.shortfall))
    amount = most if given.amount is None else given.amount
    if not ZERO < amount <= most:
        raise ValidationFailed.because(
            "CLR-AMOUNT",
            f"A loss lies above 0 and up to the {dollars(most)} that creditors still wait for.",
            "amount",
        )
    if not given.reference.strip():
        raise ValidationFailed.because("CLR-REFERENCE", "Name the grounds.", "reference")
    if DefaultLoss.objects.filter(default=default, state__in=("PROPOSED", "APPROVED")).exists():
        raise ValidationFailed.because(
            "CLR-TWICE", "A loss of this default is proposed already.", "default"
        )
    try:
        quarters = int(value_on(LOSS_QUARTERS, default.day))
    except ParameterMissing as trouble:
        raise ValidationFailed.because("CLR-PARAMETER", str(trouble)) from None
    first, last = look_back(default.day, quarters)
    rows = measured(first, last, quarters=quarters, but=default.sc.code)
    try:
        shares = loss_shares(usd_to_cents(amount), rows)
    except NothingMeasured:
        raise ValidationFailed.because(
            "CLR-NOTHING",
            f"Nobody has invoices or energy from {first} to "
            f"{last}, so there is nothing to share it by.",
        ) from None
    with pghistory.context(user=actor.pk):
        case = DefaultLoss.objects.create(
            state=DefaultLoss.STATES.initial,
            opened_by=actor,
            opened_at=at,
            default=default,
            amount=amount,
            first_date=first,
            last_date=last,
            reference=given.reference.strip()[:300],
            measures=[
                {
                    "sc": m.sc,
                    "payable": _two(m.payable),
                    "absolute": _two(m.absolute),
                    "mwh": _two(m.mwh),
                    "share": str(cents_to_usd(shares[m.sc])),
                }
                for m in rows
            ],
        )
    log_event(
        action="clearing.defaultloss.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"Loss of {dollars(amount)} by {default.sc.code} proposed to be shared",
    )
    return case


def _two(value: Fraction) -> str:
    """Write a measure with four decimals, for people; the shares were made of the exact one."""
    return f"{float(value):.4f}"


@implements("BRQ-1401", source="settlement rule book 12.5")
@transaction.atomic
def approve_loss(*, case_id: int, actor: User, at: datetime, note: str = "") -> DefaultLoss:
    """Charge each participant its share; creditors who wait are owed what they wait for.

    Both are open apart from invoices and are settled on the next payment date.
    """
    lock_ledger()
    case = transition(
        DefaultLoss.objects.select_related("default__sc").get(pk=case_id),
        action="approve",
        actor=actor,
        at=at,
        note=note or "loss approved",
        set_fields={"decided_by": actor},
    )
    default = case.default
    keys = {code: key for key, code in sc_codes().items()}
    waiting = {sc: usd_to_cents(t) for sc, t in waiting_for(default.day).items()}
    if sum(waiting.values()) < usd_to_cents(case.amount):
        raise ValidationFailed.because(
            "CLR-AMOUNT", "Money came in meanwhile; propose the loss anew."
        )
    back = give_back(usd_to_cents(case.amount), waiting)
    sides = [Side(Account.SC, Decimal(m["share"]), keys[m["sc"]]) for m in case.measures]
    for sc, cents in back.items():
        part = cents_to_usd(cents)
        sides += [Side(Account.SHORTFALL, part, sc), Side(Account.SC, -part, sc)]
    left = case.amount
    for invoice, (_, day, total) in open_invoices(sc_id=default.sc_id).items():
        part = min(max(total, ZERO), left) if day == default.day else ZERO
        if part:
            sides.append(Side(Account.SC, -part, default.sc_id, invoice))
            left -= part
    sides.append(Side(Account.SC, -left, default.sc_id))
    post(
        Happening(
            "DEFAULT_LOSS",
            f"Loss by {default.sc.code} of {default.day} shared",
            actor,
            at,
            payment_date=default.day,
            address=reverse("default-losses-case", args=[case.pk]),
        ),
        sides,
    )
    transition(
        default,
        action="lose",
        actor=system_user(),
        at=at,
        note=f"{dollars(case.amount)} shared by all participants",
    )
    return case
