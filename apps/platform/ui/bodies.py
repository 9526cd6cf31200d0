"""Bodies that programs send: read by their shape, where a name nobody asks for is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.request import Request

from apps.platform.core.unseen import seen_text
from apps.platform.ui.api import close_to
from apps.platform.ui.requests import seen_fields

OF_FORMS = frozenset({"csrfmiddlewaretoken"})  # what a browser adds to each form it sends


def body_of_request(
    request: Request, shape: type[serializers.Serializer[Any]], *, open_names: bool = False
) -> dict[str, Any]:
    """Return what a request's body says, by the names of its shape.

    A misspelt name of an optional field would change what is meant (a month left out makes a
    credit of the year), so a name that the shape does not have is refused with those it has.
    ``open_names`` is for bodies whose further names are read elsewhere. Raises ValidationError.
    """
    sent: Any = request.data
    # what shows nothing says nothing: a needed reason of it is missing
    if isinstance(sent, QueryDict):
        sent = seen_fields(sent)
    elif isinstance(sent, Mapping):
        sent = {n: "" if isinstance(v, str) and not seen_text(v) else v for n, v in sent.items()}
    body = shape(data=sent)
    if not open_names and isinstance(sent, Mapping):
        known = [n for n, f in body.fields.items() if not f.read_only]
        strange = {str(name): _not_asked(str(name), known) for name in sent if name not in known}
        for name in OF_FORMS & set(strange):
            del strange[name]
        if strange:
            raise serializers.ValidationError(strange)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _not_asked(name: str, known: list[str]) -> list[str]:
    these = f"there are {', '.join(known)}" if known else "it takes none"
    return [f"There is no field {name[:60]!r} here{close_to(name, known)}; {these}."]
