"""What is approved after the last disputable run of a trade date asks for an optional run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import log_event, transition
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.notifications.services import holders, tell
from apps.platform.runs.hooks import Correction
from apps.platform.runs.models import CurrentRun, Run
from apps.platform.runs.services import RunRefused, has_moved_on
from apps.settlement.settlements.codes import DAILY, LATE_SOURCES, OPTIONAL, SETTLERS
from apps.settlement.settlements.models import LateCorrection
from apps.settlement.settlements.selectors import calendar_of
from apps.settlement.settlements.services.timing import request_day


def past_disputable(days: Iterable[date], today: date) -> list[date]:
    """Return the trade dates whose last disputable run of the calendar has come already."""
    found = []
    for day, runs in calendar_of(days).items():
        disputable = [r for r in runs if r.disputable and not r.incremental]
        if disputable and disputable[-1].day < today:
            found.append(day)
    return sorted(found)


@implements("BRQ-1320", "BRQ-1275", source="settlement rule book 9.4 and 3.7")
def hear_correction(
    correction: Correction, moved: dict[str, list[date]], actor: User, at: datetime
) -> None:
    """Open a late correction where published trade dates are past their last disputable run.

    *Interpretation*: that is the last run whose full amounts may be disputed, T+55B or T+70B. The
    optional runs are asked for in the system's name; publishing them stays a person's decision.
    """
    days = moved.get(DAILY, [])
    late = past_disputable(days, at.astimezone(PACIFIC).date())
    if not late:
        return
    ahead = sorted(set(days) - set(late))
    with pghistory.context(user=actor.pk):
        case = LateCorrection.objects.create(
            state=LateCorrection.STATES.initial,
            opened_by=actor,
            opened_at=at,
            source=correction.source,
            title=correction.title[:200],
            address=correction.address,
            resource_id=correction.resource_id,
            late=late,
            ahead=ahead,
            first_date=min(late),
            last_date=max(late),
        )
    refused = _ask(case, at)
    said = f"{len(late)} trade dates from {late[0]} to {late[-1]}"
    log_event(
        action="settlements.latecorrection.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{correction.title}: optional runs asked for {said}",
    )
    tell(
        holders(SETTLERS),
        topic="late-correction",
        at=at,
        address=reverse("late-corrections-case", args=[case.pk]),
        title=f"{LATE_SOURCES[correction.source]} came late: optional runs for {said}",
        body=" ".join(refused)[:300] or "They are being calculated; a second person publishes.",
    )


def _ask(case: LateCorrection, at: datetime) -> list[str]:
    refused = []
    for day in case.late:
        try:
            with transaction.atomic():
                request_day(
                    trade_date=day,
                    actor=system_user(),
                    at=at,
                    run_type=OPTIONAL,
                    reason=f"late correction {case.pk}: {case.title}"[:200],
                )
        except RunRefused as trouble:
            refused.append(f"{day}: {trouble}")
    return refused


@transaction.atomic
def ask_again(*, case_id: int, actor: User, at: datetime, note: str = "") -> LateCorrection:
    """Ask for the optional runs again, where one failed or its inputs moved on."""
    case = transition(
        LateCorrection.objects.get(pk=case_id),
        action="ask_again",
        actor=actor,
        at=at,
        note=note or "optional runs asked for again",
    )
    _ask(case, at)
    return case


def late_published(run: Run, earlier: Any, at: datetime) -> None:
    """Call late corrections settled whose every trade date has an optional run since they came."""
    for case in LateCorrection.objects.filter(state="ASKED", late__contains=[run.trade_date]):
        since = CurrentRun.objects.filter(
            kind=DAILY, trade_date__in=case.late, run__opened_at__gte=case.opened_at
        )
        if since.count() == len(case.late):
            transition(
                case,
                action="settle",
                actor=system_user(),
                at=at,
                note="every trade date is published anew",
            )


def runs_since(case: LateCorrection) -> list[dict[str, Any]]:
    """Return each trade date of a late correction with its run since, and what comes next."""
    runs = Run.objects.filter(
        kind=DAILY, trade_date__in=[*case.late, *case.ahead], opened_at__gte=case.opened_at
    ).exclude(state="FAILED")
    newest: dict[date, Run] = {}
    for run in runs.order_by("pk"):
        newest[run.trade_date] = run
    calendar = calendar_of(case.ahead)
    opened = case.opened_at.astimezone(PACIFIC).date()
    return [
        {
            "day": day,
            "late": day in case.late,
            "run": newest.get(day),
            "stale": bool(
                day in newest
                and newest[day].state == "SEALED"
                and has_moved_on(newest[day], case.opened_at)
            ),
            "next": next((r for r in calendar.get(day, []) if r.day >= opened), None),
        }
        for day in sorted([*case.late, *case.ahead])
    ]
