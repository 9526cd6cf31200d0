"""The demo's limits and securities, measured liabilities, and requests to recover costs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.ui.pdf import pdf
from apps.settlement.clearing import services as clearing
from apps.settlement.clearing.selectors import credit_entries
from apps.settlement.cost_recovery import services as recovery
from apps.site.home.services.loading import DEMO, read_yaml


def _user(name: str) -> User:
    return User.objects.get(username=name)


@transaction.atomic
def load_demo_clearing(*, at: datetime) -> int:
    """Enter the demo's credit by two people, measure its days, file its requests; return how many.

    Where any credit is on file nothing is done.
    """
    analyst, approver = _user("iso.analyst"), _user("iso.approver")
    if credit_entries(viewer=analyst.viewer()).exists():
        return 0
    said = read_yaml(DEMO / "clearing.yaml")
    for row in said["credit"]:
        case = clearing.propose_credit(
            given=clearing.CreditEntryInput(
                row["kind"],
                Decimal(row["amount"]),
                said["measured"][0].replace(day=1),
                "SYNTHETIC agreement of the demo",
                row["sc"],
            ),
            actor=analyst,
            at=at,
        )
        clearing.approve_credit(case_id=case.pk, actor=approver, at=at)
    for day in said["measured"]:
        clearing.measure(as_of=day, actor=analyst, at=at)
    for row in said["recovery"]:
        _ask(row, analyst, at)
    return len(said["credit"])


def _ask(row: dict[str, Any], analyst: User, at: datetime) -> None:
    sc = _user(row["by"])
    case = recovery.file_request(
        given=recovery.RecoveryInput(row["cost"], row["resource"], row["items"], row["reason"]),
        actor=sc,
        at=at,
    )
    if row["state"] == "DRAFT":
        return
    letter = pdf("letter", {"title": "SYNTHETIC invoice", "body": row["items"]})
    recovery.document_for(case=case, file_name="invoice.pdf", content=letter, actor=sc, at=at)
    recovery.submit(case_id=case.pk, actor=sc, at=at)
    recovery.review(case_id=case.pk, actor=analyst, at=at)
