"""JSON that somebody sends, bounded in bytes and depth before anything is made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

# an object of lists of objects takes four; a program that needs more has nested by mistake
MOST_DEPTH = 32
TOO_DEEP = f"The JSON nests deeper than {MOST_DEPTH} levels"


class BoundedDecoder(json.JSONDecoder):
    """The standard decoder; whatever it cannot or may not read is one kind of error.

    Refused beside what is no JSON: lists and objects that nest too deep, numbers of thousands of
    digits, NaN and infinity, half of a sign, which no text can hold.
    """

    def __init__(self, **words: Any) -> None:
        super().__init__(**(words | {"parse_constant": _no_constant}))

    def decode(self, s: str, *given: Any) -> Any:
        """Return what a text says; raises JSONDecodeError."""
        try:
            found = super().decode(s, *given)
            json.dumps(found, ensure_ascii=False).encode()
        except json.JSONDecodeError:
            raise
        except RecursionError:
            raise json.JSONDecodeError(TOO_DEEP, s[:20], 0) from None
        except ValueError as trouble:
            raise json.JSONDecodeError(str(trouble), s[:20], 0) from trouble
        if deeper_than(found, MOST_DEPTH):
            raise json.JSONDecodeError(TOO_DEEP, s[:20], 0)
        return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


class BodyTooLarge(APIException):
    """A JSON body of more bytes than are read to memory."""

    status_code = 413
    default_code = "too_large"


class BoundedJson(JSONParser):
    """The body of a request as JSON, within bounds."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what a body says; raises ParseError, and BodyTooLarge before it is decoded."""
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise BodyTooLarge(f"A JSON body holds at most {most // 1024 // 1024} MB.")
        try:
            text = body.decode(encoding)  # which takes encodings of text alone, none that unpack
            return json.loads(text, cls=BoundedDecoder)
        except (ValueError, LookupError) as trouble:
            raise ParseError(f"JSON parse error - {trouble}") from trouble


def deeper_than(found: Any, most: int) -> bool:
    """Return whether lists and objects nest beyond a depth, without recursion."""
    level = [found]
    for _ in range(most):
        level = [
            inner
            for each in level
            if isinstance(each, (list, dict))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return any(isinstance(each, (list, dict)) for each in level)
