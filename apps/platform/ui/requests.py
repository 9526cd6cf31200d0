"""What a request says to page and API alike: who asks, which day, and the note of a reading."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict

from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.selectors import viewer_of
from apps.platform.audit.services import note_read
from apps.platform.clock.selectors import site_now, site_today
from apps.platform.core.days import NoSuchDay, read_day
from apps.platform.core.tradetime import is_plausible
from apps.platform.core.unseen import seen_text


def admit(request: HttpRequest, roles: frozenset[Any]) -> Viewer:
    """Return the viewer of a request, or refuse: 403 for the wrong roles."""
    viewer = viewer_of(request.user)
    if not viewer.may(roles):
        raise PermissionDenied("Your roles do not include this page.")
    return viewer


def actor_of(request: Any) -> User:
    """Return the person who acts; refuse for somebody not signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user


def posted(request: HttpRequest, name: str, most: int = 300) -> str:
    """Return a text somebody typed: trimmed, shortened, without characters no database holds."""
    return seen_text(request.POST.get(name, "").replace("\x00", ""))[:most]


def seen_fields(sent: QueryDict) -> QueryDict:
    """Return what a form sent; a field in which nothing is seen is left blank."""
    found = sent.copy()
    for name, values in sent.lists():
        found.setlist(name, ["" if isinstance(v, str) and not seen_text(v) else v for v in values])
    return found


def page_size(request: HttpRequest) -> int:
    """Return the page length asked for, 10 to 500."""
    text = request.GET.get("per_page", "50")
    return min(max(int(text), 10), 500) if text.isdecimal() and len(text) < 5 else 50


def note_reading(request: Any, what: str, party_id: int | None = None) -> None:
    """Note a look at a party's rows by somebody of the ISO, with the address asked for."""
    note_read(
        viewer=viewer_of(request.user),
        what=what,
        address=request.get_full_path(),
        at=site_now(),
        party_id=party_id,
    )


def day_of(text: str) -> date:
    """Return a day from an address; Http404 for what is none."""
    try:
        day = read_day(text)
    except NoSuchDay as trouble:
        raise Http404(str(trouble)) from None
    if not is_plausible(day):
        raise Http404("The day must lie between 1800 and 2199.")
    return day


def day_asked(text: str) -> date:
    """Return the day asked for, today without one; Http404 for what is none."""
    return day_of(text) if text else site_today()
