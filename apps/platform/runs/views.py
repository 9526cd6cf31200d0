"""Pages of runs: one run with its manifest, totals and events; request and publish."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from apps.platform.accounts.codes import ANALYSTS, APPROVERS, ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.audit.selectors import events_of
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.core.days import NoSuchDay, read_day
from apps.platform.core.tradetime import Span, is_plausible
from apps.platform.runs import selectors, services
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import Run
from apps.platform.runs.rules import control_totals
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit, day_asked, day_of, posted
from apps.platform.uploads.services import acknowledged_in

PUBLICATIONS_A_PAGE = 50


@login_required
def run_detail(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show a run: what it read, what it found, and whether it may be published."""
    viewer = admit(request, ISO_ROLES)
    run = get_object_or_404(selectors.runs(viewer=viewer), pk=run_id)
    return _run_page(request, viewer, run)


def _run_page(
    request: HttpRequest, viewer: Viewer, run: Run, typed: dict[str, str] | None = None
) -> HttpResponse:
    """Return the page of a run; typed: what a refused publication was asked with, to be kept."""
    before = (
        Run.objects.filter(kind=run.kind, trade_date=run.trade_date, version__lt=run.version or 0)
        .order_by("-version")
        .first()
        if run.version
        else None
    )
    own = run.opened_by_id == viewer.user_id
    wanted = RUN_KINDS[run.kind]
    waits = run.state == "SEALED" and wanted.by_hand
    inputs = list(selectors.inputs_of(run))
    published = selectors.current_run(run.kind, run.trade_date)
    beside = published if published is not None and published.pk != run.pk else None
    read = [i.dataset_version for i in inputs if i.dataset_version] if waits else []
    if waits and wanted.files_behind:
        read = list(dict.fromkeys([*read, *wanted.files_behind(run.trade_date, run.known_at)]))
    context = {
        "run": run,
        "kind": wanted,
        "inputs": inputs,
        "acknowledged": acknowledged_in(read),
        "events": events_of(run),
        "stale_cause": selectors.stale_cause(run) if run.state == "PUBLISHED" else "",
        "before": before,
        "beside": beside,
        "totals": control_totals(run.totals, beside.totals if beside and run.totals else None),
        "changes": selectors.input_changes(run, before) if before else [],
        "others": Run.objects.filter(kind=run.kind, trade_date=run.trade_date).order_by("-pk"),
        "may_publish": waits and viewer.may(APPROVERS) and not own,
        "prepare": wanted.prepare if viewer.may(ANALYSTS) and run.state == "SEALED" else "",
        "waits_for_second": waits and own and viewer.may(APPROVERS),
        "lists": [(label, reverse(name)) for label, name in wanted.lists],
        "preview": wanted.preview if waits else "",
        "to_type": services.words_to_type(run),
        "waiting": run.state in ("REQUESTED", "RUNNING"),
        "typed": typed or {},
    }
    htmx = getattr(request, "htmx", None)
    template = "runs/_detail.html" if htmx and not htmx.boosted else "runs/detail.html"
    return render(request, template, context, status=200 if typed is None else 400)


MOST_LISTED = 300


def _moment(text: str) -> datetime:
    """Return a moment of an address; Http404 for what is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not is_plausible(found.date()):
        raise Http404("A moment is written YYYY-MM-DDTHH:MM:SS+00:00.")
    return found


@login_required
def runs_outdated(request: HttpRequest) -> HttpResponse:
    """Show which calculations without a publication became outdated at a moment.

    Asked are ``first`` (today without it) and ``last`` of the trade dates, the last one left out
    where there is none, and ``at``, the moment (now without it).
    """
    viewer = admit(request, ISO_ROLES)
    asked = request.GET.get("at", "")
    moment = _moment(asked) if asked else site_now()
    first, last = day_asked(request.GET.get("first", "")), request.GET.get("last", "")
    span = Span.through(first, max(first, day_of(last))) if last else Span(first)
    found = services.outdated_at(span, moment)
    return render(
        request,
        "runs/outdated.html",
        {
            "found": found[:MOST_LISTED],
            "more": found[MOST_LISTED:],
            "at": moment,
            "most": services.MOST_DAYS,
            "may_request": viewer.may(ANALYSTS),
        },
    )


@login_required
@serves("POST")
def run_request(request: HttpRequest) -> HttpResponse:
    """Ask for a run of a trade date."""
    admit(request, ANALYSTS)
    try:
        trade_date = read_day(request.POST.get("trade_date", ""))
        run, new = services.request(
            kind_code=request.POST.get("kind", "settlements.daily"),
            trade_date=trade_date,
            actor=actor_of(request),
            at=site_now(),
            reason=posted(request, "reason") or "requested by hand",
            run_type=posted(request, "run_type"),
        )
    except services.RunRefused as trouble:
        messages.error(request, str(trouble))
        return redirect("trade-dates")
    except NoSuchDay as trouble:
        messages.error(request, str(trouble))
        return redirect("trade-dates")
    except (ValueError, KeyError):
        messages.error(request, "There is no such calculation.")
        return redirect("trade-dates")
    if not new:
        messages.info(
            request,
            "Nothing has changed since this run: same inputs, parameters and code give the same "
            "result, so no new run was made.",
        )
    elif (shown := selectors.unchanged_since(run)) is not None:
        same = shown.code_version == run.code_version
        messages.info(
            request,
            f"Nothing that {run.trade_date} is settled from has changed since the published "
            f"version {shown.version}: "
            + (
                "the numbers will be the same."
                if same
                else "only a rule that the new release changed can move a number."
            ),
        )
    return redirect("run", run.pk)


@login_required
@serves("POST")
def run_publish(request: HttpRequest, run_id: int) -> HttpResponse:
    """Publish a sealed run."""
    viewer = admit(request, ISO_ROLES)
    run = get_object_or_404(selectors.runs(viewer=viewer), pk=run_id)
    wanted = services.words_to_type(run)
    said = {name: posted(request, name) for name in ("note", "over_holds", "answered_for")}
    if posted(request, "confirm") != wanted:
        messages.error(request, f"Type {wanted} to confirm that this version is to be published.")
        return _run_page(request, viewer, run, said)
    try:
        run = services.publish(run_id=run_id, actor=actor_of(request), at=site_now(), **said)
        messages.success(request, f"{run} is published; its readers see it now.")
    except MoveRefused as trouble:
        messages.error(request, str(trouble))
        run = get_object_or_404(selectors.runs(viewer=viewer), pk=run_id)
        return _run_page(request, viewer, run, said)
    return redirect("run", run_id)


@login_required
@serves("GET", "POST")
def publications(request: HttpRequest) -> HttpResponse:
    """Show the chain of publications, and check it where asked to."""
    admit(request, ISO_ROLES)
    checked = services.verify_chain() if request.method == "POST" else None
    rows = selectors.publication_rows()
    return render(
        request,
        "runs/publications.html",
        {
            "page": Paginator(rows, PUBLICATIONS_A_PAGE).get_page(request.GET.get("page")),
            "checked": checked,
        },
    )
