"""Pages of the settlement: the trade dates, one day, and explanations for the ISO."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.platform.accounts.codes import ANALYSTS, ISO_ROLES, SIGNED_IN
from apps.platform.accounts.rules import Viewer
from apps.platform.clock.selectors import site_now
from apps.platform.core.numbers import read_key
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import (
    current_run,
    days_with_input,
    is_synthetic,
    runs,
    stale_cause,
    stale_causes,
)
from apps.platform.runs.services import what_moved_on
from apps.platform.ui.requests import admit, day_of
from apps.platform.ui.selectors import lists_about
from apps.platform.ui.workflow import openings_about
from apps.platform.uploads.hooks import dataset_title
from apps.reference.market.codes import WHOLE_ISO
from apps.reference.market.selectors import load_by_hour
from apps.settlement.cost_recovery.selectors import recovery_requests
from apps.settlement.settlements import selectors, services
from apps.settlement.settlements.codes import DAILY, ChargeCode

DAYS_A_PAGE = 31


@login_required
def trade_dates(request: HttpRequest) -> HttpResponse:
    """Show the trade dates that can be settled, and how each stands."""
    viewer = admit(request, ISO_ROLES)
    every = days_with_input(RUN_KINDS[DAILY], site_now())[::-1]
    page = Paginator(every, DAYS_A_PAGE).get_page(request.GET.get("page"))
    days = list(page.object_list)
    latest, current = selectors.latest_runs(days), selectors.current_runs(days)
    stale = stale_causes(run.pk for run in current.values())
    rows = [
        {
            "day": day,
            "latest": latest.get(day),
            "current": current.get(day),
            "stale": stale.get(current[day].pk, "") if day in current else "",
        }
        for day in days
    ]
    return render(
        request,
        "settlements/trade_dates.html",
        {"rows": rows, "page": page, "may_request": viewer.may(ANALYSTS)},
    )


@login_required
def day_detail(request: HttpRequest, day: str) -> HttpResponse:
    """Show one trade date: outcomes, cost by SC and TAC area, the day's load; an SC its own."""
    viewer = admit(request, SIGNED_IN)
    trade_date = day_of(day)
    if not viewer.is_iso:
        return _own_day(request, viewer, trade_date)
    run = shown = current_run(DAILY, trade_date)
    wanted = read_key(request.GET.get("run", ""))
    if wanted is not None:
        run = get_object_or_404(
            runs(viewer=viewer).filter(kind=DAILY, trade_date=trade_date), pk=wanted
        )
    context: dict[str, Any] = {
        "day": trade_date,
        "run": run,
        "openings": openings_about(viewer, trade_date=str(trade_date)),
        "may_request": viewer.may(ANALYSTS),
        "load": load_chart(trade_date),
        "versions": runs(viewer=viewer).filter(kind=DAILY, trade_date=trade_date),
    }
    context |= _holds_context(trade_date, context["may_request"])
    if run is not None:
        cost = selectors.cost_by_sc_and_tac(run=run)
        context |= {
            "outcomes": selectors.outcomes(run=run),
            "codes": selectors.sums_by_code(run=run),
            "red": [i for i in run.invariants if not i["passed"]],
            "stale": stale_cause(run),
            "cost": selectors.cost_chart(cost),
            "cost_rows": [
                (
                    sc,
                    [cost["cells"][sc].get(a) for a in cost["areas"]],
                    sum(cost["cells"][sc].values()),
                )
                for sc in cost["scs"]
            ],
            "areas": cost["areas"],
        }
        if context["may_request"] and run == shown and not context["stale"]:
            moved = what_moved_on(run, site_now())
            context |= {"again": True, "moved": [dataset_title(name) for name in moved]}
    return render(request, "settlements/day.html", context)


def _holds_context(trade_date: date, may_request: bool) -> dict[str, Any]:
    """Return what the day lacks now, in the words of the panel that shows it."""
    now = site_now()
    if not days_with_input(RUN_KINDS[DAILY], now, day=trade_date):
        return {}
    holds = [h.as_dict() for h in services.holds_on(trade_date, now)]
    may = may_request and any(h["kind"] for h in holds)
    return {
        "holds": holds,
        "unused": services.outdated_unused(trade_date, now),
        "prepare": RUN_KINDS[DAILY].prepare if may else "",
    }


def load_chart(trade_date: date) -> dict[str, Any] | None:
    """Return a chart description: load by trade hour, one series a TAC area."""
    load = load_by_hour(trade_date, site_now())
    total = load.pop(WHOLE_ISO, None)
    if not load and total is None:
        return None
    hours = max(
        (i + 1 for row in [*load.values(), total or []] for i, v in enumerate(row) if v is not None)
    )
    series = [{"name": a, "data": row[:hours]} for a, row in sorted(load.items())]
    return {
        "kind": "stacked-area",
        "unit": "MW",
        "categories": [f"HE{h:02d}" for h in range(1, hours + 1)],
        "series": series or [{"name": WHOLE_ISO, "data": (total or [])[:hours]}],
    }


def _explanation(request: HttpRequest, run: Run, **line: Any) -> HttpResponse:
    """Explain a line of any version to the ISO."""
    viewer = admit(request, ISO_ROLES)
    try:
        found = services.explain_line(run=run, viewer=viewer, **line)
    except services.Unexplained as trouble:
        raise Http404(str(trouble)) from None
    return render(
        request,
        "settlements/explain.html",
        {"e": found, "run": run, "synthetic_run": is_synthetic(run)},
    )


@login_required
def explain_payment(request: HttpRequest, run_id: int, resource_id: int) -> HttpResponse:
    """Explain the capacity payment of a resource in any version."""
    viewer = admit(request, ISO_ROLES)
    line = get_object_or_404(
        selectors.capacity_payments(viewer=viewer).select_related("run"),
        run_id=run_id,
        resource_id=resource_id,
        outcome="SETTLED",
    )
    return _explanation(
        request,
        line.run,
        charge_code=ChargeCode.RMR_CAP,
        resource_id=resource_id,
        sc_id=line.sc_id or 0,
        tac_area_id=None,
        stored=line.amount,
    )


@login_required
def explain_allocation(request: HttpRequest, run_id: int, line_no: int) -> HttpResponse:
    """Explain an allocation line of any version."""
    viewer = admit(request, ISO_ROLES)
    line = get_object_or_404(
        selectors.allocation_lines(viewer=viewer).select_related("run"),
        run_id=run_id,
        line_no=line_no,
    )
    return _explanation(
        request,
        line.run,
        charge_code=ChargeCode.RMR_ALLOC,
        resource_id=line.resource_id,
        sc_id=line.sc_id,
        tac_area_id=line.tac_area_id,
        stored=line.amount,
    )


@login_required
def explain_charge(request: HttpRequest, run_id: int, line_no: int) -> HttpResponse:
    """Explain a line of any other charge code in any version."""
    viewer = admit(request, ISO_ROLES)
    line = get_object_or_404(
        selectors.charge_lines(viewer=viewer).select_related("run"),
        run_id=run_id,
        line_no=line_no,
    )
    return _explanation(
        request,
        line.run,
        charge_code=line.charge_code,
        resource_id=line.resource_id,
        sc_id=line.sc_id,
        tac_area_id=line.tac_area_id,
        stored=line.amount,
        contract_no=line.contract_no,
    )


@login_required
def completeness(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show which input rows of a run were used, and why others were not."""
    viewer = admit(request, ISO_ROLES)
    kept = selectors.settled_runs(viewer=viewer)
    run = get_object_or_404(kept, pk=run_id)
    return render(
        request,
        "settlements/completeness.html",
        {"run": run, "found": services.completeness_of(run)},
    )


def _own_day(request: HttpRequest, viewer: Viewer, day: date) -> HttpResponse:
    """Show an SC what it has of a trade date, and what it may file for it."""
    context = {
        "day": day,
        "run": current_run(DAILY, day),
        "requests": recovery_requests(viewer=viewer).filter(items__trade_date=day).distinct(),
        "openings": openings_about(viewer, trade_date=str(day)),
        "lists": lists_about(viewer, "trade_date", str(day)),
    }
    return render(request, "settlements/own_day.html", context)
