"""The id of the request that is being answered, or of the work a request has asked for.

A request brings a well-formed id of its own or is given one. From then on the id goes with it:
into each line of the log, into the audit log, and into the jobs that the request queues, whose
work carries it on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LONGEST_ID = 64
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
_CURRENT: ContextVar[str] = ContextVar("request_id", default="")


def well_formed(text: str) -> bool:
    """Whether a text may be an id: 8 to 64 letters, digits, dots, dashes and underscores."""
    return _WELL_FORMED.fullmatch(text) is not None


def current_request_id() -> str:
    """Return the id of the request at hand, blank outside of any."""
    return _CURRENT.get()


@contextmanager
def under_request(request_id: str) -> Iterator[None]:
    """Do the body as part of a request; a blank id leaves the one that holds already."""
    if not request_id:
        yield
        return
    before = _CURRENT.set(request_id)
    try:
        yield
    finally:
        _CURRENT.reset(before)
