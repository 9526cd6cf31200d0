"""Why the database or a disk did not take something, in words for people and programs.

Such a fault passes by itself or by somebody's work on the machine; what was asked may be asked
again. A fault of the code is none of these.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from apps.platform.core.busy import Busy

TRY_AGAIN = "5"  # seconds, for the header Retry-After


@dataclass(frozen=True)
class Unavailable:
    """One kind: its code, its heading, and a sentence that says what is the matter."""

    code: str
    heading: str
    sentence: str


DISK_FULL = Unavailable(
    "DISK-FULL", "The disk is full", "There is no room left on the server's disk."
)
NO_CONNECTION = Unavailable(
    "DATABASE-BUSY",
    "Too many people at once",
    "The database has no connection free at the moment.",
)
TOO_SLOW = Unavailable(
    "DATABASE-SLOW",
    "The database takes too long",
    "The database did not answer in time: its disk is slow, or other work stands before yours.",
)
AWAY = Unavailable(
    "DATABASE-AWAY", "The database did not take this", "The database was away for a moment."
)
BY_STATE = {
    "53100": DISK_FULL,
    "53300": NO_CONNECTION,
    "57014": TOO_SLOW,
    "55P03": TOO_SLOW,
}
BY_WORDS = (
    ("too many clients", NO_CONNECTION),
    ("too many connections", NO_CONNECTION),
    ("remaining connection slots", NO_CONNECTION),
    ("no space left on device", DISK_FULL),
    ("timeout expired", TOO_SLOW),
    ("statement timeout", TOO_SLOW),  # COPY, whose fault comes without its state
    ("lock timeout", TOO_SLOW),
)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def unavailable_because(trouble: BaseException | None) -> Unavailable | None:
    """Return why something could not be served for now; None for a fault of another kind.

    By the state the database gives (SQLSTATE); for a connection that was refused by its words, as
    the driver gives no state there; for a file by the number of the system's error. What is busy
    says so itself.
    """
    for fault in _chain(trouble):
        if isinstance(fault, OSError) and fault.errno in FULL:
            return DISK_FULL
        if isinstance(fault, Busy):
            return Unavailable(fault.code, fault.heading, str(fault))
        if isinstance(fault, (OperationalError, InterfaceError)):
            return _of_database(fault)
    return None


def _of_database(fault: BaseException) -> Unavailable:
    state = getattr(fault.__cause__, "sqlstate", None)
    if state in BY_STATE:
        return BY_STATE[state]
    said = str(fault).lower()
    return next((kind for words, kind in BY_WORDS if words in said), AWAY)


def _chain(trouble: BaseException | None) -> Iterator[BaseException]:
    """Yield a fault and what it came from, the latest first."""
    seen: set[int] = set()
    while trouble is not None and id(trouble) not in seen:
        seen.add(id(trouble))
        yield trouble
        trouble = trouble.__cause__
