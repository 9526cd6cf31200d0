"""Somebody other than the reviewer approves a request, in full or part, or refuses it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.audit.services import knowledge_moment, transition
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.typed_rows import TypedRows
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.hooks import Correction
from apps.platform.runs.services import corrected
from apps.settlement.cost_recovery.codes import DESK
from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryGrant
from apps.settlement.cost_recovery.rules import read_grants
from apps.settlement.cost_recovery.selectors import items_of
from apps.settlement.cost_recovery.services.previewing import preview_of
from apps.settlement.cost_recovery.services.telling import keep_message, tell_sc


@implements("BRQ-1275", source="BRS 1.2 section 6.4.1; settlement rule book 10.1")
@transaction.atomic
def approve(
    *, case_id: int, actor: User, at: datetime, note: str = "", granted: str | TypedRows = ""
) -> CostRecoveryRequest:
    """Approve all, or what the lines of ``granted`` say of single items; settlements go on from it.

    Published trade dates go stale; those whose scheduled runs are over ask for an optional run.
    Raises ValidationFailed for more than claimed, nothing at all, or a day without a cost basis.
    """
    case = CostRecoveryRequest.objects.select_related("resource", "sc").get(pk=case_id)
    moment = knowledge_moment(at=at)
    items = items_of(case)
    cents = read_grants(granted, {i.number: usd_to_cents(i.claimed) for i in items})
    if not any(cents.values()):
        raise ValidationFailed.because(
            "REC-NOTHING", "Nothing would be approved; refuse it instead.", "granted"
        )
    total = cents_to_usd(sum(cents.values()))
    case = transition(
        case,
        action="approve",
        actor=actor,
        at=moment,
        note=note or f"{case}: {dollars(total)} of {dollars(case.claimed)} approved",
        set_fields={"decided_by": actor, "decided_at": moment, "approved": total},
    )
    RecoveryGrant.objects.bulk_create(
        RecoveryGrant(item=i, approved=cents_to_usd(cents[i.number]), basis=case.basis)
        for i in items
    )
    unknown = [p.trouble or str(p.trade_date) for p in preview_of(case) if p.amount is None]
    if unknown:
        raise ValidationFailed.because(
            "REC-BASIS",
            f"There is no cost basis for {', '.join(unknown)}. Send "
            "it back, and let the reviewer set one.",
        )
    corrected(
        Correction(
            "COST_RECOVERY",
            f"{case}, {case.kind} of {case.resource.code}",
            reverse(f"{DESK}-case", args=[case.pk]),
            case.resource_id,
            tuple(sorted({i.trade_date for i in items if cents[i.number]})),
        ),
        actor=actor,
        at=moment,
    )
    keep_message(case, "DECISION", note, actor, moment)
    tell_sc(case, f"{case}: {dollars(total)} of {dollars(case.claimed)} approved", note, moment)
    return case


@implements("BRQ-1275", source="settlement rule book 10.1")
@transaction.atomic
def refuse(*, case_id: int, actor: User, at: datetime, note: str) -> CostRecoveryRequest:
    """Refuse a request, saying why; its SC is told and may file a better one."""
    case = transition(
        CostRecoveryRequest.objects.get(pk=case_id),
        action="refuse",
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor, "decided_at": at},
    )
    keep_message(case, "DECISION", note, actor, at)
    tell_sc(case, f"{case} is refused", note, at)
    return case
