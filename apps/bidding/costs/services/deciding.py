"""Decide ex-post requests to change a reference level: in full, in part, or not."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from apps.bidding.costs.models import (
    ReferenceLevelRequest,
)
from apps.bidding.costs.services.thresholds import threshold_since
from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused, knowledge_moment, transition
from apps.platform.core.quantity import plain
from apps.platform.notifications.services import tell


def _late_threshold(case: ReferenceLevelRequest) -> dict[str, Decimal | None]:
    """Return the threshold of costs calculated after a request was filed, to be kept with it."""
    return {} if case.threshold is not None else {"threshold": threshold_since(case).amount}


def _decided(case: ReferenceLevelRequest, actor: User, at: datetime) -> ReferenceLevelRequest:
    tell(
        [case.opened_by],
        topic="costs",
        at=at,
        address=reverse("reference-level-requests-case", args=[case.pk]),
        title=f"Reference level of {case.resource.code}, {case.trade_date}: {case.state.lower()}",
        body=case.outcome,
    )
    return case


@transaction.atomic
def change_approve(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> ReferenceLevelRequest:
    """Approve an ex-post request in full."""
    case = ReferenceLevelRequest.objects.get(pk=case_id)
    fields = {
        "approved": case.requested,
        "decided_by": actor,
        "decided_at": knowledge_moment(at=at),
        "outcome": (note or "approved")[:500],
        **_late_threshold(case),
    }
    case = transition(case, action="approve", actor=actor, at=at, note=note, set_fields=fields)
    return _decided(case, actor, at)


@transaction.atomic
def change_approve_part(
    *, case_id: int, actor: User, at: datetime, approved: Decimal, note: str = ""
) -> ReferenceLevelRequest:
    """Approve a part of an ex-post request."""
    case = ReferenceLevelRequest.objects.get(pk=case_id)
    if not 0 < approved < case.requested:
        raise MoveRefused(f"A part lies above 0 and below {plain(case.requested)} {case.unit}.")
    fields = {
        "approved": approved,
        "decided_by": actor,
        "decided_at": knowledge_moment(at=at),
        "outcome": note[:500],
        **_late_threshold(case),
    }
    case = transition(case, action="approve_part", actor=actor, at=at, note=note, set_fields=fields)
    return _decided(case, actor, at)


@transaction.atomic
def change_refuse(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> ReferenceLevelRequest:
    """Refuse an ex-post request; the reason is told."""
    case = ReferenceLevelRequest.objects.get(pk=case_id)
    fields = {
        "decided_by": actor,
        "decided_at": at,
        "outcome": note[:500],
        **_late_threshold(case),
    }
    case = transition(case, action="refuse", actor=actor, at=at, note=note, set_fields=fields)
    return _decided(case, actor, at)
