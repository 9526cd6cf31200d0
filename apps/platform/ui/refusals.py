"""What is answered where no view answers: one page and one JSON body for every kind.

The page stands in the site's frame where it is known who asks, and alone where it is not, or where
the frame cannot be made: what is wrong with the request may be wrong with the frame too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

from apps.platform.core.request_ids import current_request_id
from apps.platform.ui.api import asks_api, problem
from apps.platform.ui.unavailable import TRY_AGAIN, Unavailable

logger = logging.getLogger(__name__)
FRAMED, ALONE = "refused.html", "refused_alone.html"
NOTHING_HALF = "Nothing was half stored: what you sent was kept as a whole or not at all."
LOOK_FIRST = "Look whether it is there, then try again. Tell the operator the number if this stays."


def refused(
    request: HttpRequest,
    *,
    code: str,
    heading: str,
    sentence: str,
    status: int,
    advice: str = "",
    links: Sequence[tuple[str, str]] = (),
    framed: bool = True,
) -> HttpResponse:
    """Return a refusal with the number of the request: a problem for the API, else a page.

    sentence: what is the matter; advice: what to do about it, and ``links`` (text, address) where,
    for the page alone. ``framed`` is false where the database may not answer.
    """
    if asks_api(request):
        return problem(code, sentence, status)
    told = {
        "heading": heading,
        "sentence": sentence,
        "advice": advice,
        "links": links,
        "status": status,
        "request_id": current_request_id(),
    }
    text = _in_frame(request, told) if framed and hasattr(request, "user") else ""
    if not text:
        text = render_to_string(ALONE, told | {"style": _style()})
    return HttpResponse(text, status=status)


def _in_frame(request: HttpRequest, told: dict[str, object]) -> str:
    try:
        return render_to_string(FRAMED, told, request)
    except Exception as trouble:  # noqa: BLE001  (whatever it is, the page is shown without)
        logger.warning("a refusal was shown without the site's frame: %s", type(trouble).__name__)
        return ""


def _style() -> str:
    """Return the address of the style sheet; blank where the static files are not collected."""
    try:
        return static("css/app.css")
    except ValueError:
        return ""


def unavailable(request: HttpRequest, found: Unavailable, *, framed: bool = False) -> HttpResponse:
    """Return 503 for what passes by itself, with the seconds after which to ask again."""
    answer = refused(
        request,
        code=found.code,
        heading=found.heading,
        sentence=f"{found.sentence} {NOTHING_HALF}",
        status=503,
        advice=LOOK_FIRST,
        framed=framed,
    )
    answer["Retry-After"] = TRY_AGAIN
    return answer
