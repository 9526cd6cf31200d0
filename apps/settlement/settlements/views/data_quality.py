"""The page *Data quality of a trade date*, and what its buttons request."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apps.platform.accounts.codes import ANALYSTS, ISO_ROLES
from apps.platform.clock.selectors import site_now
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import current_run
from apps.platform.runs.services import RunRefused
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit, day_of, posted
from apps.settlement.settlements import services
from apps.settlement.settlements.codes import DAILY


@login_required
def data_quality(request: HttpRequest, day: str) -> HttpResponse:
    """Show what a trade date would be settled from now, and what is not right about it."""
    viewer = admit(request, ISO_ROLES)
    trade_date = day_of(day)
    return render(
        request,
        "settlements/data_quality.html",
        {
            "day": trade_date,
            "q": services.data_quality_of(trade_date, site_now()),
            "run": current_run(DAILY, trade_date),
            "waiting": Run.objects.filter(
                kind=DAILY, trade_date=trade_date, state="SEALED", published_at=None
            ).first(),
            "may_request": viewer.may(ANALYSTS),
        },
    )


@login_required
@serves("POST")
def prepare_day(request: HttpRequest, day: str) -> HttpResponse:
    """Request the costs and the availability that a trade date lacks, of one check or of all."""
    admit(request, ANALYSTS)
    trade_date, check = day_of(day), posted(request, "check")
    leads_to = redirect("data-quality" if check else "trade-date", day)
    try:
        holds = services.mendable(trade_date, site_now(), check=check)
        made = services.prepare_day(holds=holds, actor=actor_of(request), at=site_now())
    except (RunRefused, LookupError) as trouble:
        messages.error(request, str(trouble))
        return leads_to
    if made.runs:
        said = ", ".join(
            sorted({f"{RUN_KINDS[r.kind].title} ({r.trade_date})" for r, _ in made.runs})
        )
        messages.success(
            request, f"Requested: {said}. Settle {trade_date} again once they are calculated."
        )
        if made.refused:
            messages.warning(request, f"Not requested: {services.few_words(made.refused)}")
    else:
        messages.info(request, f"No calculation is missing for {trade_date}.")
    return leads_to
