"""What publications do to approved requests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import transition
from apps.platform.core.rulebook import implements
from apps.platform.runs.models import CurrentRun
from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryGrant


@implements("BRQ-1275", source="settlement rule book 10.1")
def settled_by(
    grant_ids: Iterable[int], *, kind: str, name: str, at: datetime
) -> list[CostRecoveryRequest]:
    """Call requests settled whose every approved trade date is published with them; return them.

    grant_ids: what the run published now reads. kind, name: the runs looked at, and what their
    manifests call approved requests. Called inside the publishing transaction.
    """
    cases = CostRecoveryRequest.objects.filter(
        state="APPROVED", items__grant__in=list(grant_ids)
    ).distinct()
    found = []
    for case in cases.order_by("pk"):
        grants = RecoveryGrant.objects.filter(item__request=case, approved__gt=0)
        if all(_published(g, kind, name) for g in grants.select_related("item")):
            found.append(
                transition(
                    case,
                    action="settle",
                    actor=system_user(),
                    at=at,
                    note=f"{case}: every trade date is on statements",
                )
            )
    return found


def _published(grant: RecoveryGrant, kind: str, name: str) -> bool:
    return CurrentRun.objects.filter(
        kind=kind,
        trade_date=grant.item.trade_date,
        run__inputs__name=name,
        run__inputs__term_ids__contains=[grant.pk],
    ).exists()
