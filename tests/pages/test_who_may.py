"""Who may see and do what, written down by role: a role that is widened differs from it.

The walks take from the code who may; this list does not. A change that is meant is written anew
with RMRCPM_WRITE_ROLES=1, and its difference says to whom what is opened.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

from django.apps import apps

from apps.platform.audit.models import Case
from apps.platform.ui.screens import SCREENS
from apps.platform.ui.workflow import WORKFLOWS
from apps.platform.uploads.hooks import UPLOAD_KINDS
from tests.pages.addresses import ADDRESSES, LIBRARY, OWN

KEPT = Path(__file__).parent / "who_may.csv"
HEAD = ["what", "name", "roles"]


def named(roles):
    """Return roles as one text; everybody, or whoever the row belongs to, in a word."""
    if roles is None:
        return "everybody"
    return "own" if roles == OWN else " ".join(sorted(map(str, roles)))


def of_screens():
    """Yield (what, name, roles) of every list and of what is done with its rows."""
    for screen in SCREENS:
        yield "list", screen.name, "everybody" if screen.public else named(screen.roles)
        for action in screen.actions:
            yield "action on a list", f"{screen.name} {action.code}", named(action.roles)


def of_cases():
    """Yield the same of every kind of case: who sees it, opens it, and takes which step."""
    for desk in WORKFLOWS:
        yield "cases", desk.name, named(desk.roles)
        yield "papers of a case", desk.name, named(desk.document_roles)
        if desk.opening:
            yield "open a case", desk.name, named(desk.opening.roles)
    for model in (m for m in apps.get_models() if issubclass(m, Case)):
        for move in model.STATES.moves:
            name = f"{model._meta.label} {move.action} {move.source} to {move.target}"
            yield "move a case", name, named(move.roles)


def of_files_and_addresses():
    """Yield the same of every kind of file, and of addresses outside lists and cases."""
    for kind in UPLOAD_KINDS:
        yield "send a file", kind.code, named(kind.upload_roles)
        yield "confirm a file", kind.code, named(kind.confirm_roles)
    for route, roles in ADDRESSES.items():
        if not route.startswith(LIBRARY):
            yield "address", route, named(roles)


def test_nobody_may_more_or_less_than_is_written_down():
    now = sorted({*of_screens(), *of_cases(), *of_files_and_addresses()})
    if os.environ.get("RMRCPM_WRITE_ROLES") == "1":
        with KEPT.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([HEAD, *now])
    with KEPT.open(newline="") as file:
        head, *kept = (tuple(row) for row in csv.reader(file))
    assert head == tuple(HEAD)
    assert len(kept) > 600
    assert {"opened": sorted(set(now) - set(kept)), "closed": sorted(set(kept) - set(now))} == {
        "opened": [],
        "closed": [],
    }
