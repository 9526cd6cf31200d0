"""Price changes: what they publish anew, what that costs whom, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import ANALYSTS, APPROVERS, CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import (
    MoveRefused,
    answered,
    knowledge_moment,
    log_event,
    supersede,
    transition,
)
from apps.platform.core.money import cents_to_usd
from apps.platform.core.quantity import MW, USD_PER_MW_DAY, dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, Span, is_plausible
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import holders, tell
from apps.platform.runs.hooks import Correction
from apps.platform.runs.services import corrected
from apps.reference.resources.selectors import tac_codes
from apps.reliability.designations.hooks import cost_preview
from apps.reliability.designations.models import ContractPrice, PriceChange, RmrContract
from apps.reliability.designations.rules import (
    Payload,
    Republication,
    approved_ahead,
    contract_capacity,
    day_cost_cents,
    plan_republication,
    price_from_revenue,
)
from apps.reliability.designations.selectors import NOW
from apps.reliability.designations.services.contracts import (
    capacity_on_file,
    contracts_known,
    no_contract,
)
from apps.reliability.designations.services.payloads import (
    is_new_tariff,
    newest_places,
    publish_payloads,
    wanted_places,
)
from apps.reliability.designations.services.price_doubts import price_doubts


@dataclass(frozen=True)
class PriceInput:
    """An approved price as typed; ``last_date`` None: to the end of the contract."""

    contract_no: str
    first_date: date
    ferc_docket: str
    ferc_approved_on: date
    reference: str
    price: Decimal | None = None
    afrr_usd: Decimal | None = None
    last_date: date | None = None


@implements("BRQ-0254", "BRQ-0255", source="BRS 1.2 section 6.2.2")
@transaction.atomic
def propose_price(*, given: PriceInput, actor: User, at: datetime) -> PriceChange:
    """Enter an approved price; keeps with it what it will publish anew and cost whom.

    Raises ValidationFailed with everything against it; nothing is changed before a second person
    approves.
    """
    if not actor.viewer().may(CONTRACT_WRITERS):
        raise ValidationFailed.because("PRC-ROLE", "Your roles do not allow you to enter prices.")
    span = _span(given)
    price = given.price
    if price is None and given.afrr_usd and given.afrr_usd > 0:
        price = _derived(given, given.afrr_usd)
    if price is None or price <= 0:
        raise ValidationFailed.because("RMR-E-0255D", "The new price must be above 0.", "price")
    today = at.astimezone(PACIFIC).date()
    ahead = approved_ahead(given.ferc_approved_on, today)
    if ahead:
        raise ValidationFailed(ahead)
    preview, violations = preview_change(
        contract_no=given.contract_no,
        span=span,
        price=price,
        today=today,
    )
    if violations:
        raise ValidationFailed(violations)
    with pghistory.context(user=actor.pk):
        change = PriceChange.objects.create(
            state=PriceChange.STATES.initial,
            opened_by=actor,
            opened_at=at,
            contract_no=given.contract_no,
            first_date=span.first,
            last_date=span.last,
            price=price,
            afrr=given.afrr_usd,
            ferc_docket=given.ferc_docket.strip(),
            ferc_approved_on=given.ferc_approved_on,
            reference=given.reference.strip(),
            preview=preview,
        )
    log_event(
        action="designations.price.opened",
        actor=actor,
        at=at,
        subject=change,
        sentence=f"{given.contract_no}: {price} $/MW-day for {span.first} to {span.last}",
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="price-change",
        at=at,
        title=f"A price of {given.contract_no} waits to be approved",
        body=f"{preview['records']} payload records, {dollars(Decimal(preview['total_usd']))}.",
        address=reverse("price-changes-case", args=[change.pk]),
    )
    return change


def _span(given: PriceInput) -> Span:
    days = (given.first_date, given.last_date or given.first_date, given.ferc_approved_on)
    if not all(is_plausible(d) for d in days):
        raise ValidationFailed.because(
            "PRC-DATES", "The dates must lie between 1800 and 2199.", "first_date"
        )
    if given.last_date is not None and given.last_date < given.first_date:
        raise ValidationFailed.because(
            "PRC-DATES", "The last trade date lies before the first.", "last_date"
        )
    held = contracts_known(given.contract_no)
    if not held:
        said = no_contract(given.contract_no)
        raise ValidationFailed.because("PRC-CONTRACT", said, "contract_no")
    if not is_new_tariff(held[0]):
        raise ValidationFailed.because(
            "PRC-LEGACY", "A legacy contract has no payload; it is invoiced apart.", "contract_no"
        )
    last = given.last_date or max(c.span.last for c in held)
    if last < given.first_date:
        raise ValidationFailed.because("PRC-DATES", f"The contract ends on {last}.", "first_date")
    span = Span.through(given.first_date, last)
    outside = _outside(given.contract_no, span, held)
    if outside:
        raise ValidationFailed(outside)
    return span


def _outside(contract_no: str, span: Span, held: list[RmrContract]) -> list[Violation]:
    """Return that a price reaches beyond the days of its contract as known now."""
    covered = {d for c in held for d in c.span if d in span}
    if len(covered) == (span.end - span.first).days:
        return []
    said = ", ".join(f"{c.span.first} to {c.span.last}" for c in held)
    runs = f"{contract_no} runs from {said}." if said else f"{contract_no} has no terms now."
    return [Violation("PRC-SPAN", runs, column="first_date")]


def _derived(given: PriceInput, afrr_usd: Decimal) -> Decimal:
    held = next(c for c in contracts_known(given.contract_no) if given.first_date in c.span)
    mw = contract_mw(given.contract_no, given.first_date)
    return price_from_revenue(afrr_usd=afrr_usd, mw=mw, days=(held.span.end - held.span.first).days)


def contract_mw(contract_no: str, day: date) -> Decimal:
    """Return the contract's MW on a day: the larger sum of the two obligation types."""
    held = capacity_on_file(contract_no, Span.through(day, day))
    return Decimal(contract_capacity((row.obligation_type, row.mw) for row in held))


def _plan(
    contract_no: str, span: Span, price: Decimal, today: date
) -> tuple[Republication, list[Violation], dict[tuple[date, str, str], Decimal]]:
    codes = tac_codes()
    past = {d for d in span if d <= today}
    wanted = {
        (day, codes[tac], kind): want.mw
        for (_, day, tac, kind), want in wanted_places(span, [contract_no]).items()
        if day in past
    }
    published = [
        Payload(day, codes[tac], kind, mw, held)
        for (_, day, tac, kind), (_, held, mw) in newest_places(span, [contract_no]).items()
    ]
    plan, violations = plan_republication(
        days=past, published=published, held_mw=wanted, new_price=price
    )
    return plan, violations, wanted


def preview_change(
    *, contract_no: str, span: Span, price: Decimal, today: date
) -> tuple[dict[str, Any], list[Violation]]:
    """Return what a price change publishes anew and costs whom, and what stands against it."""
    plan, violations, wanted = _plan(contract_no, span, price, today)
    ahead = _ahead(contract_no, span, price, today)
    if not violations and not plan.records and not ahead:
        violations = [
            Violation(
                "RMR-E-0255C",
                "The price is unchanged; there is nothing to publish.",
                column="price",
            )
        ]
    before: dict[date, Decimal] = {r.day: r.price for r in plan.records}
    rows_of: dict[date, list[tuple[str, Decimal]]] = {}
    for (day, _, kind), mw in wanted.items():
        rows_of.setdefault(day, []).append((kind, mw))
    mw_of = {day: Decimal(contract_capacity(rows_of[day])) for day in before}
    cents = {
        day: day_cost_cents(price=price, capacity_mw=mw_of[day])
        - day_cost_cents(price=old, capacity_mw=mw_of[day])
        for day, old in before.items()
    }
    shares, allocated = (
        ({}, 0) if violations else cost_preview(contract_no, dict.fromkeys(plan.days, price))
    )
    return {
        "records": len(plan.records),
        "days": [d.isoformat() for d in plan.days],
        "spans": _spans(before, mw_of, cents, price),
        "total_usd": str(cents_to_usd(sum(cents.values()))),
        "allocated_days": allocated,
        "allocated_usd": str(cents_to_usd(sum(shares.values()))),
        "shares": [[sc, str(cents_to_usd(c))] for sc, c in sorted(shares.items(), key=_most)],
        "ahead": ahead,
    }, violations


def _most(share: tuple[str, int]) -> tuple[int, str]:
    return -abs(share[1]), share[0]


def _ahead(contract_no: str, span: Span, price: Decimal, today: date) -> bool:
    """Whether days to come get another price than they have."""
    first = max(span.first, Span.through(today, today).end)
    if first >= span.end:
        return False
    held = ContractPrice.objects.filter(
        contract_no=contract_no, known__contains=NOW, valid__overlap=(first, span.end)
    )
    same = sum(
        (min(p.span.end, span.end) - max(p.span.first, first)).days
        for p in held
        if p.price == price
    )
    return same != (span.end - first).days


def _spans(
    before: dict[date, Decimal], mw_of: dict[date, Decimal], cents: dict[date, int], price: Decimal
) -> list[dict[str, str]]:
    """Return runs of days with the same old price and MW, for people to read."""
    found: list[dict[str, Any]] = []
    for day in sorted(before):
        last = found[-1] if found else None
        same = last and (last["old"], last["mw"]) == (before[day], mw_of[day])
        if last and same and Span.through(last["last"], last["last"]).end == day:
            last["last"], last["cents"] = day, last["cents"] + cents[day]
            last["days"] += 1
        else:
            found.append(
                {
                    "first": day,
                    "last": day,
                    "old": before[day],
                    "mw": mw_of[day],
                    "cents": cents[day],
                    "days": 1,
                }
            )
    return [
        {
            "first": row["first"].isoformat(),
            "last": row["last"].isoformat(),
            "days": str(row["days"]),
            "old": USD_PER_MW_DAY.text(row["old"]),
            "new": USD_PER_MW_DAY.text(price),
            "mw": MW.text(row["mw"]),
            "usd": str(cents_to_usd(row["cents"])),
        }
        for row in found
    ]


def price_refresh(*, case_id: int, actor: User, at: datetime, note: str = "") -> PriceChange:
    """Compute anew what a waiting price change would do."""
    change = PriceChange.objects.get(pk=case_id)
    preview, violations = _again(change, at)
    if violations:
        raise ValidationFailed(violations)
    return transition(
        change,
        action="refresh",
        actor=actor,
        at=at,
        note=note or "computed again",
        set_fields={"preview": preview},
    )


def _again(change: PriceChange, at: datetime) -> tuple[dict[str, Any], list[Violation]]:
    span = Span.through(change.first_date, change.last_date or change.first_date)
    outside = _outside(change.contract_no, span, contracts_known(change.contract_no))
    preview, violations = preview_change(
        contract_no=change.contract_no,
        span=span,
        price=change.price,
        today=at.astimezone(PACIFIC).date(),
    )
    return preview, outside + violations


@transaction.atomic
def price_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> PriceChange:
    """Let a price hold, publish the payload of the past dates anew, mark their settlement stale.

    A second person does this. What was shown must still be what happens: where terms or payload
    moved on since, it is refused and can be computed again.
    """
    moment = knowledge_moment(at=at)
    change = PriceChange.objects.select_for_update().get(pk=case_id)
    preview, violations = _again(change, at)
    if change.state == "PROPOSED" and (violations or preview != change.preview):
        said = f" {violations[0].code} {violations[0].message}" if violations else ""
        raise MoveRefused(
            f"What this price does has changed since it was entered.{said} Compute it again."
        )
    answered(price_doubts(change), note)
    change = transition(
        change,
        action="approve",
        actor=actor,
        at=moment,
        note=note,
        set_fields={"decided_by": actor, "republished": preview["records"]},
    )
    span = Span.through(change.first_date, change.last_date or change.first_date)
    supersede(
        model=ContractPrice,
        key={"contract_no": change.contract_no},
        values={
            "price": change.price,
            "afrr": change.afrr,
            "ferc_docket": change.ferc_docket,
            "ferc_approved_on": change.ferc_approved_on,
        },
        span=span,
        known_from=moment,
        reference=change.reference,
        proposed_by=change.opened_by,
        approved_by=actor,
    )
    records, violations = publish_payloads(
        actor=actor,
        at=moment,
        contract_nos=[change.contract_no],
        span=span,
        price_change=change,
        cause=f"price of {change.contract_no}: {USD_PER_MW_DAY.text(change.price)} $/MW-day",
    )
    if violations or records != preview["records"]:
        raise MoveRefused("The payload has changed meanwhile. Compute it again.")
    corrected(
        Correction(
            "RMR_PRICE",
            f"price of {change.contract_no}",
            reverse("price-changes-case", args=[change.pk]),
            contracts_known(change.contract_no)[0].resource_id,
            tuple(span),
        ),
        actor=actor,
        at=moment,
    )
    tell(
        {change.opened_by, *holders(ANALYSTS, but=actor)},
        topic="price-change",
        at=moment,
        title=f"Price of {change.contract_no} approved; {records} payload records published",
        body="Published settlement days it touches are stale.",
        address=reverse("price-changes-case", args=[change.pk]),
    )
    return change
