"""The workflow of an upload, and the values a sender gives beside a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.core.states import Move, States

UPLOAD_STATES = States(
    initial="RECEIVED",
    moves=(
        Move("read", "RECEIVED", "READY", ISO_ROLES, "Read"),
        Move("refuse", "RECEIVED", "REFUSED", ISO_ROLES, "Refuse"),
        Move("reread", "READY", "RECEIVED", ISO_ROLES, "Check again"),
        Move("reread", "REFUSED", "RECEIVED", ISO_ROLES, "Check again"),
        Move("confirm", "READY", "CONFIRMED", ISO_ROLES, "Confirm"),
        Move("withdraw", "READY", "WITHDRAWN", ISO_ROLES, "Withdraw"),
        Move("withdraw", "RECEIVED", "WITHDRAWN", ISO_ROLES, "Withdraw"),
    ),
)


@dataclass(frozen=True)
class Option:
    """A value beside the file, such as the RA year of a list that does not say it.

    ``type`` is ``year``, ``date``, ``ids`` or ``choice`` of one of ``choices`` (value, words); one
    that is ``optional`` may be left out, which a form calls ``blank``; without words for it the
    form chooses the first. Most are asked for with the file; one that
    ``answers`` a violation, by its code, is not: it lists values of that violation which the sender
    says are right, or is one of its choices, and only where the file was refused for them.
    """

    name: str
    label: str
    type: str
    help: str = ""
    answers: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    blank: str = "not said"


MOST_IDS = 500
WHOLE = "WHOLE"
COVERS = Option(
    "covers",
    "The file covers",
    "choice",
    "A file corrects the parts it has rows of; what it does not name stays in force. Choose the "
    "whole period where rows left out are to end.",
    choices=(("PARTS", "the parts it names"), (WHOLE, "whole periods")),
    optional=True,
    blank="",
)


def listed_ids(options: Mapping[str, str], name: str) -> frozenset[str]:
    """Return the IDs that an option of type ``ids`` lists between commas."""
    return frozenset(filter(None, (part.strip() for part in options.get(name, "").split(","))))
