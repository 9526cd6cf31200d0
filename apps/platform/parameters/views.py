"""Pages of parameters: what there is, one with its history, propose, decide."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.platform.accounts.codes import ISO_ROLES, PROPOSERS
from apps.platform.accounts.selectors import viewer_of
from apps.platform.audit.selectors import events_of
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now, site_today
from apps.platform.core.effective import ParameterRefused, declared, declared_parameter
from apps.platform.parameters import selectors, services
from apps.platform.parameters.forms import ProposalForm
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit, posted


def parameter_list(request: HttpRequest) -> HttpResponse:
    """Show every declared parameter with the value in force today."""
    viewer = viewer_of(request.user)
    now = site_now()
    current = {
        v.name: v
        for v in selectors.values(viewer=viewer).filter(
            known__contains=now, valid__contains=site_today()
        )
    }
    rows = [(p, current.get(p.name)) for p in declared()]
    return render(
        request,
        "parameters/list.html",
        {"rows": rows, "may_propose": viewer.may(PROPOSERS)},
    )


def parameter_detail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one parameter: its declaration and every version of every value."""
    try:
        parameter = declared_parameter(name)
    except KeyError:
        raise Http404(f"There is no parameter {name}.") from None
    viewer = viewer_of(request.user)
    return render(
        request,
        "parameters/detail.html",
        {
            "parameter": parameter,
            "values": selectors.values(viewer=viewer).filter(name=name).order_by("-known", "valid"),
            "proposals": selectors.proposals(viewer=viewer).filter(name=name).order_by("-pk"),
            "may_propose": viewer.may(PROPOSERS),
        },
    )


@login_required
@serves("GET", "POST")
def parameter_propose(request: HttpRequest) -> HttpResponse:
    """Take a proposal, or show what is wrong with it."""
    admit(request, PROPOSERS)
    form = ProposalForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            proposal = services.propose(actor=actor_of(request), at=site_now(), **form.cleaned_data)
            messages.success(request, "Proposed. A second person has to approve it.")
            return redirect("parameter-proposal", proposal.pk)
        except ParameterRefused as trouble:
            form.add_error("text", str(trouble))
    return render(
        request,
        "ui/form.html",
        {"form": form, "title": "Propose a parameter value", "button": "Propose"},
        status=400 if form.errors else 200,
    )


@login_required
def proposal_detail(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Show a proposal with its events and the moves the viewer may make."""
    viewer = admit(request, ISO_ROLES)
    proposal = get_object_or_404(selectors.proposals(viewer=viewer), pk=proposal_id)
    moves = proposal.STATES.open_to(state=proposal.state, roles=viewer.roles)
    own = proposal.opened_by_id == viewer.user_id
    return render(
        request,
        "parameters/proposal.html",
        {
            "proposal": proposal,
            "parameter": declared_parameter(proposal.name),
            "events": events_of(proposal),
            "moves": [m for m in moves if m.second_person != own],
            "own": own,
        },
    )


@login_required
@serves("POST")
def proposal_decide(request: HttpRequest, proposal_id: int, action: str) -> HttpResponse:
    """Approve, reject or withdraw a proposal."""
    viewer = admit(request, ISO_ROLES)
    get_object_or_404(selectors.proposals(viewer=viewer), pk=proposal_id)
    act = {
        "approve": services.approve,
        "reject": services.reject,
        "withdraw": services.withdraw,
    }.get(action)
    if act is None:
        raise Http404
    try:
        done = act(
            proposal_id=proposal_id,
            actor=actor_of(request),
            at=site_now(),
            note=posted(request, "note"),
        )
        messages.success(request, f"The proposal is now {done.state}.")
    except MoveRefused as trouble:
        messages.error(request, str(trouble))
    return redirect("parameter-proposal", proposal_id)
