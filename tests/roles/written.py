"""The table of who may do what, and one person for each role; nothing of it is taken from code.

``actions.csv``: through which door, what, the word of the refusal, and the roles that may. The
steps of cases, their openings, papers, files and actions on lists stand in
``tests/pages/who_may.csv``.
"""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).parent
ROLES = (
    "ISO_ADMIN",
    "ISO_APPROVER",
    "ISO_CONTRACTS",
    "ISO_LEGAL",
    "ISO_MONITORING",
    "ISO_OPERATOR",
    "ISO_SETTLEMENTS",
    "SC_ADMIN",
    "SC_READER",
    "SC_USER",
)
PEOPLE = {
    "ISO_ADMIN": "iso.admin",
    "ISO_APPROVER": "iso.approver",
    "ISO_CONTRACTS": "iso.contracts",
    "ISO_LEGAL": "iso.legal",
    "ISO_MONITORING": "iso.monitor",
    "ISO_OPERATOR": "iso.operator",
    "ISO_SETTLEMENTS": "iso.analyst",
    "SC_ADMIN": "sunset.admin",
    "SC_READER": "sunset.reader",
    "SC_USER": "sc.sunset",
}


def rows_of(path):
    """Return the rows of a table."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


ACTIONS = rows_of(FOLDER / "actions.csv")
WHO_MAY = rows_of(FOLDER.parent / "pages" / "who_may.csv")


def actions(door):
    """Return what the table has of one door: (what, word of the refusal, roles)."""
    return [
        (r["what"], r["refused"], set(r["roles"].split())) for r in ACTIONS if r["door"] == door
    ]


def written_of(what):
    """Return the roles by name of one kind of row of who_may.csv."""
    found = {r["name"]: r["roles"] for r in WHO_MAY if r["what"] == what}
    assert found, what
    return {
        n: set(ROLES) if roles == "everybody" else set(roles.split()) for n, roles in found.items()
    }


def people():
    """Make the people the demo does not have; return one person for each role, of one SC."""
    from apps.platform.accounts.models import Membership, User

    party = User.objects.get(username="sc.sunset").party
    for role in ("SC_ADMIN", "SC_READER"):
        made = User.objects.create(username=PEOPLE[role], party=party, email="a@example.org")
        Membership.objects.create(user=made, role=role)
    return {role: User.objects.get(username=name) for role, name in PEOPLE.items()}
