"""When trade dates are settled: by the calendar, by a change of input, or by a person's given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, Span, last_of_month
from apps.platform.runs import services as run_services
from apps.platform.runs.hooks import RUN_KINDS, Hold
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import days_with_input
from apps.settlement.settlements.codes import DAILY, OPTIONAL
from apps.settlement.settlements.selectors import calendar_of
from apps.settlement.settlements.services.readiness import holds_on, prepare_day


def calendar(trade_date: date, at: datetime) -> tuple[list[str], str]:
    """Return what a run of a trade date may be asked for as, and the type of one asked for now.

    That is the first run of the calendar whose day has come and that is not published yet, so that
    no type is published twice and none before its day. Before any day has come it is the first.

    *Interpretation*: a run between two of the calendar is OPTIONAL, as one after the last: it is
    none of the scheduled statements, and the one whose day comes next is still made.
    """
    runs = calendar_of([trade_date])[trade_date]
    come = _come(runs, at) or runs[:1]
    done = _published_types(trade_date)
    due = next((r.run for r in come if r.run not in done), OPTIONAL if runs else "")
    return [*(r.run for r in runs), OPTIONAL], due


def _come(runs: list[Any], at: datetime) -> list[Any]:
    """Return the runs of a calendar whose day has come."""
    today = at.astimezone(PACIFIC).date()
    return [r for r in runs if r.day <= today]


def _published_types(trade_date: date) -> set[str]:
    found = Run.objects.filter(kind=DAILY, trade_date=trade_date, state="PUBLISHED")
    return set(found.values_list("run_type", flat=True))


def skipped(trade_date: date, run_type: str) -> list[str]:
    """Return the runs of the calendar before a type that are not published: it jumps over them."""
    types = [r.run for r in calendar_of([trade_date])[trade_date]]
    if run_type not in types:
        return []
    done = _published_types(trade_date)
    return [t for t in types[: types.index(run_type)] if t not in done]


def request_day(
    *, trade_date: date, actor: User, at: datetime, reason: str, run_type: str = ""
) -> tuple[Run, bool]:
    """Ask for a day's settlement; return the run and whether it is new.

    run_type: a run of the day's calendar, such as T+70B, or OPTIONAL; a new one of these is made
    even where nothing changed, and its reason names the runs it jumps over. Raises RunRefused for a
    type the day does not have.
    """
    over = skipped(trade_date, run_type) if run_type else []
    if over:
        reason = f"{reason[:240]}; jumps over {', '.join(over)}"
    return run_services.request(
        kind_code=DAILY,
        trade_date=trade_date,
        actor=actor,
        at=at,
        reason=reason,
        run_type=run_type,
    )


@implements("BRQ-1201", source="settlement rule book 11.1")
def settle_due_days(*, at: datetime) -> list[Run]:
    """Request, in the system's name, what is due: days without a run, runs of the calendar whose
    day has come, and days whose inputs moved on.

    A new release alone makes no day due: settled numbers change by inputs or by a person's request.
    Publishing stays a person's decision. Costs and availability that a day lacks are requested
    first, and the day is settled the next time, once they are calculated.
    """
    days = days_with_input(RUN_KINDS[DAILY], at)
    runs = Run.objects.filter(kind=DAILY, trade_date__in=days).exclude(state="FAILED")
    runs = runs.order_by("trade_date", "-pk").distinct("trade_date")
    newest = {run.trade_date: run for run in runs}
    planned = {run.trade_date: run for run in runs.exclude(run_type=OPTIONAL)}
    calendar = calendar_of(days)
    found = []
    for day in days:
        run = newest.get(day)
        wanted = _scheduled(planned.get(day), _come(calendar[day], at))
        if run and not wanted and not run_services.has_moved_on(run, at):
            continue
        if _waits_for_inputs(day, at):
            continue
        made, _ = request_day(
            trade_date=day,
            actor=system_user(),
            at=at,
            run_type=wanted,
            reason=f"{wanted or 'daily'} settlement by the calendar",
        )
        found.append(made)
    return found


def _waits_for_inputs(day: date, at: datetime) -> bool:
    """Request what a day lacks; whether any of it is being calculated.

    A calculation that failed is not asked for again: the day is settled with its holds.
    """
    holds = [replace(h, days=_not_failed(h)).as_dict() for h in holds_on(day, at)]
    try:
        made = prepare_day(holds=holds, actor=system_user(), at=at)
    except run_services.RunRefused:
        return False
    return any(run.state in ("REQUESTED", "RUNNING") for run, _ in made.runs)


def _not_failed(hold: Hold) -> tuple[date, ...]:
    """Return the days of a hold whose newest calculation did not fail."""
    newest = (
        Run.objects.filter(kind=hold.kind, trade_date__in=hold.days)
        .order_by("trade_date", "-pk")
        .distinct("trade_date")
    )
    failed = {run.trade_date for run in newest if run.state == "FAILED"}
    return tuple(day for day in hold.days if day not in failed)


def _scheduled(newest: Run | None, come: list[Any]) -> str:
    """Return the type of the last run whose day has come since one of a day's calendar was made.

    newest: the newest run of the calendar. Nothing where there is none, or the type is published.
    """
    if newest is None or not come:
        return ""
    if newest.opened_at.astimezone(PACIFIC).date() >= come[-1].day:
        return ""
    return "" if come[-1].run in _published_types(newest.trade_date) else str(come[-1].run)


def costs_moved(run: Run, earlier: Any, at: datetime) -> None:
    """Look at the published settlement of a trade date whose costs are calculated anew."""
    run_services.days_changed(
        span=Span.through(run.trade_date, run.trade_date),
        cause=f"costs of {run.trade_date}",
        at=at,
        kind_code=DAILY,
    )


def availability_moved(run: Run, earlier: Any, at: datetime) -> None:
    """Look at the month ends of the year that rest on a trade date's availability."""
    for month in range(run.trade_date.month, 13):
        end = last_of_month(run.trade_date.replace(month=month, day=1))
        run_services.days_changed(
            span=Span.through(end, end),
            cause=f"availability of {run.trade_date}",
            at=at,
            kind_code=DAILY,
        )
