"""The page of one resource: what is on file of it, the lists about it, what may be opened."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.ui.requests import admit, note_reading
from apps.platform.ui.selectors import lists_about
from apps.platform.ui.workflow import openings_about
from apps.reference.resources import selectors


@login_required
def resource(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Show a resource; an SC its own."""
    viewer = admit(request, SIGNED_IN)
    found = selectors.attributes(viewer=viewer).filter(resource_id=resource_id)
    newest = found.select_related("tac_area", "local_area").order_by("-known", "-valid").first()
    holders = selectors.associations(viewer=viewer).filter(resource_id=resource_id)
    seen = newest or holders.first()  # a contract or an association may come before its attributes
    if seen is None:
        raise Http404("There is no such resource, or it is not yours to see.")
    code = seen.resource.code
    note_reading(request, f"resource {code}")
    return render(
        request,
        "resources/resource.html",
        {
            "resource": seen.resource,
            "attributes": newest,
            "holders": holders.order_by("-valid", "-known"),
            "openings": openings_about(viewer, resource=code),
            "lists": lists_about(viewer, "resource__code", code),
        },
    )
