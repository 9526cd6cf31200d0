"""What needs doing today, by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import ANALYSTS, APPROVERS, CONTRACT_WRITERS, UPLOADERS
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import parse_decimal
from apps.platform.core.words import plural
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import CurrentRun, Run
from apps.platform.runs.selectors import days_with_input, stale_causes, synthetic_runs
from apps.platform.ui.screens import SCREENS
from apps.platform.ui.selectors import waiting_in
from apps.platform.ui.workflow import WORKFLOWS
from apps.reliability.designations.codes import Backing
from apps.reliability.designations.selectors import without_designation
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.selectors import titles
from apps.settlement.statements.selectors import statements


@dataclass(frozen=True)
class Todo:
    """One thing to do: how many, what (``{}`` stands for the plural s), and where."""

    count: int
    what: str
    hint: str
    address: str

    @property
    def title(self) -> str:
        """What there is to do, in the right number."""
        return self.what.format("" if self.count == 1 else "s")


def todos(*, viewer: Viewer, now: datetime) -> list[Todo]:
    """Return what waits for this viewer, by role; nothing waiting gives an empty list."""
    found: list[Todo] = []
    if viewer.may(APPROVERS):
        found += _to_approve(viewer)
    if viewer.may(ANALYSTS):
        found += _to_settle(viewer, now)
    if viewer.may(UPLOADERS):
        refused, address = waiting_in(SCREENS["uploads"], viewer, state="REFUSED")
        found.append(
            Todo(
                refused,
                "refused file{} of yours",
                "Correct the rows and upload the file again",
                address,
            )
        )
    if viewer.may(CONTRACT_WRITERS):
        found.append(
            Todo(
                len(without_designation(viewer=viewer)),
                "contract{} without a designation",
                "On past or present days; a new-tariff contract starts from a notice, a study "
                "finding and a designation",
                reverse(
                    "ra-designations",
                    query={"ra_year": "", "status": Backing.NO_DESIGNATION.value},
                ),
            )
        )
    return [todo for todo in [*found, *cases_waiting(viewer)] if todo.count]


def cases_waiting(viewer: Viewer) -> list[Todo]:
    """Return how many cases of each desk the viewer can move on now."""
    found = []
    for desk in WORKFLOWS:
        if not viewer.may(desk.roles):
            continue
        count, address = waiting_in(SCREENS[desk.name], viewer)
        noun = desk.noun if count == 1 else plural(desk.noun)
        found.append(
            Todo(
                count,
                f"{noun} waiting for you",
                "Open one to see the next step",
                address,
            )
        )
    return found


def _to_approve(viewer: Viewer) -> list[Todo]:
    ready, files = waiting_in(SCREENS["uploads"], viewer, state="READY")
    sealed, runs = waiting_in(SCREENS["runs"], viewer, state="SEALED")
    asked, proposals = waiting_in(SCREENS["parameter-proposals"], viewer)
    return [
        Todo(ready, "file{} to confirm", "Sent by a colleague, read without errors", files),
        Todo(sealed, "run{} to publish", "Statements are issued on publication", runs),
        Todo(asked, "parameter proposal{} to decide", "A second person decides", proposals),
    ]


def _to_settle(viewer: Viewer, now: datetime) -> list[Todo]:
    days = days_with_input(RUN_KINDS[DAILY], now)
    have = set(Run.objects.filter(kind=DAILY).values_list("trade_date", flat=True))
    stale = stale_causes(CurrentRun.objects.filter(kind=DAILY).values_list("run_id", flat=True))
    failed, runs = waiting_in(SCREENS["runs"], viewer, state="FAILED")
    return [
        Todo(
            len([d for d in days if d not in have]),
            "trade date{} ready to settle",
            "All inputs are on file, not settled yet",
            reverse("trade-dates"),
        ),
        Todo(
            len(stale),
            "stale trade date{}",
            "Inputs changed since the published run",
            reverse("trade-dates"),
        ),
        Todo(
            failed,
            "failed run{}",
            "See why, and correct the input",
            runs,
        ),
    ]


def recent_days(*, limit: int = 8) -> list[dict[str, Any]]:
    """Return the newest published trade dates with their totals."""
    pointers = list(
        CurrentRun.objects.filter(kind=DAILY).select_related("run").order_by("-trade_date")[:limit]
    )
    stale = stale_causes(p.run_id for p in pointers)
    invented = synthetic_runs(p.run_id for p in pointers)
    return [
        {
            "day": p.trade_date,
            "run": p.run,
            "stale": stale.get(p.run_id, ""),
            "synthetic": p.run_id in invented,
            "others": _other_codes(p.run.totals),
            "cancelled": _cancelled(p.run.totals),
            "neutral": parse_decimal(p.run.totals.get("Sum of the day ($)", "")) == 0,
        }
        for p in pointers
    ]


def _besides(totals: Mapping[str, str]) -> dict[str, Decimal]:
    """Return what a day pays or charges besides capacity and its allocation, by code."""
    codes = (c for c in titles() if c not in ("RMR-CAP", "RMR-ALLOC"))
    found = {c: parse_decimal(totals.get(f"{c} ($)", "0")) for c in codes}
    return {code: usd for code, usd in found.items() if usd}


def _other_codes(totals: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    """Return the other charge codes of a day that no other one cancels, each with its dollars."""
    left = _besides(totals)
    for code, usd in list(left.items()):
        other = next((c for c, u in left.items() if u == -usd), None)
        if code in left and other is not None:
            del left[code], left[other]
    return list(left.items())


def _cancelled(totals: Mapping[str, str]) -> int:
    """Return how many other charge codes of a day cancel one another, as a cost and its share."""
    return len(_besides(totals)) - len(_other_codes(totals))


def latest_statements(*, viewer: Viewer, limit: int = 10) -> list[Any]:
    """Return the newest version of each of a viewer's latest statements."""
    return list(
        statements(viewer=viewer)
        .filter(run__current__isnull=False)
        .order_by("-trade_date", "sc__code")[:limit]
    )


def latest_changes(*, viewer: Viewer, limit: int = 5) -> list[Any]:
    """Return the latest statements whose total moved against the version before."""
    rows = statements(viewer=viewer).exclude(change=None).exclude(change=0)
    return list(rows.order_by("-issued_at", "-trade_date")[:limit])
