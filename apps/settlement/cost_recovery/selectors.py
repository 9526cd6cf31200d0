"""Reads of cost recovery: requests for people, claims and the cost basis for calculations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.selectors import deb_rows_of, sealed_run
from apps.platform.accounts.rules import Viewer
from apps.platform.core.money import usd_to_cents
from apps.platform.core.quantity import MW, USD_PER_MWH
from apps.platform.core.tradetime import PACIFIC, end_of_day
from apps.platform.notifications.hooks import Deadline
from apps.reference.resources.codes import Vintage
from apps.reliability.designations.selectors import own_contracts
from apps.settlement.cost_recovery.codes import (
    APPROVED_STATES,
    DESK,
    RECOVERERS,
    REVIEWERS,
    WAITING_STATES,
)
from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryGrant, RecoveryItem
from apps.settlement.cost_recovery.rules import Claim, Segments


def recovery_requests(*, viewer: Viewer) -> QuerySet[CostRecoveryRequest]:
    """Return requests: an SC its own; the ISO all that were submitted."""
    rows = CostRecoveryRequest.objects.select_related("resource", "sc", "opened_by")
    if viewer.is_iso:
        return rows.exclude(state="DRAFT")
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def recoverable_resources(*, viewer: Viewer) -> list[str]:
    """Return the resources an SC can file for: its own under a new-tariff RMR contract; by code.

    Whether that contract is in force on a trade date is checked when the request is saved.
    """
    if not viewer.may(RECOVERERS):
        return []
    own: Any = own_contracts(viewer=viewer).select_related("resource")
    return sorted({c.resource.code for c in own if c.vintage == Vintage.NEW})


def items_of(request: CostRecoveryRequest, revision: int = 0) -> list[RecoveryItem]:
    """Return the items of a request's newest or another revision, with what was approved."""
    rows = request.items.filter(revision=revision or request.revision)
    return list(rows.select_related("grant").order_by("number"))


def claim_of(item: RecoveryItem, request: CostRecoveryRequest, cents: int, basis: Any) -> Claim:
    """Return an item as the rules see it, for so many cents."""
    return Claim(
        request.pk,
        item.number,
        request.kind,
        request.resource_id,
        item.first_hour,
        item.last_hour,
        cents,
        None if basis is None else Fraction(basis),
    )


def grants_on(day: date, known_at: datetime) -> list[RecoveryGrant]:
    """Return what was approved for a trade date by a moment."""
    return list(
        RecoveryGrant.objects.filter(
            item__trade_date=day,
            item__request__state__in=APPROVED_STATES,
            approved__gt=0,
            item__request__decided_at__lte=known_at,
        )
        .select_related("item__request__resource")
        .order_by("pk")
    )


def claims_by_key(grant_ids: Iterable[int]) -> list[Claim]:
    """Return approved claims by the number of their grant, as a run's manifest names them."""
    rows = RecoveryGrant.objects.filter(pk__in=list(grant_ids)).select_related("item__request")
    return [
        claim_of(g.item, g.item.request, usd_to_cents(g.approved), g.basis)
        for g in rows.order_by("pk")
    ]


def basis_of(
    day: date, known_at: datetime, resource_ids: set[int], basis: str
) -> dict[int, Segments]:
    """Return the ISO's cost basis of resources on a day: (upper MW, price) in stored steps.

    basis: DEB, the default energy bid, or FUEL, its fuel part. *Interpretation*: where a resource
    has bids by configuration alone, its first one counts.
    """
    run = sealed_run(DAILY_COSTS, day, known_at) if resource_ids else None
    found: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in deb_rows_of(run, resource_ids) if run else []:
        price = row.published if basis == "DEB" else row.fuel
        step = (MW.to_scaled(row.to_mw), USD_PER_MWH.to_scaled(price))
        found[row.resource_id or 0][row.config].append(step)
    return {key: configs[min(configs)] for key, configs in found.items()}


def ageing(rows: QuerySet[Any], *, today: date) -> list[dict[str, Any]]:
    """Return how many of some requests wait, by age since they were filed, and state."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    waiting = rows.order_by().filter(state__in=WAITING_STATES)
    for state, opened in waiting.values_list("state", "opened_at"):
        days = (today - opened.astimezone(PACIFIC).date()).days
        counts[next(name for name, upto in AGES if days <= upto), state] += 1
    return [{"age": age, **{s: counts[age, s] for s in WAITING_STATES}} for age, _ in AGES]


AGES = (
    ("to 7 days", 7),
    ("to 14 days", 14),
    ("to 30 days", 30),
    ("to 60 days", 60),
    ("older", 10**6),
)


def deadlines(viewer: Viewer, since: datetime, until: datetime) -> list[Deadline]:
    """Return answers an SC owes, and decisions the ISO's reviewers owe."""
    rows = recovery_requests(viewer=viewer).filter(state__in=WAITING_STATES)
    found = []
    for case in rows:
        if case.state == "QUESTION" and viewer.is_sc and case.answer_by:
            found.append(_due(case, case.answer_by, "Answer due for"))
        elif viewer.may(REVIEWERS) and case.decide_by and case.state != "QUESTION":
            found.append(_due(case, case.decide_by, "Decision due for"))
    return [d for d in found if since <= d.at <= until]


def _due(case: CostRecoveryRequest, day: date, said: str) -> Deadline:
    return Deadline(
        f"cost-recovery-{case.pk}-{case.state}",
        end_of_day(day),
        f"{said} {case}, {case.resource.code}",
        reverse(f"{DESK}-case", args=[case.pk]),
    )
