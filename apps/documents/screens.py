"""The list of papers."""

from __future__ import annotations

from apps.accounts.terms import SIGNED_IN
from apps.documents import selectors
from apps.documents.models import Document
from apps.ui.screens import Column, Row, Screen, link_to, register
from apps.ui.terms import add_to_menu


def _case(row: Row) -> str | None:
    return f"/{row['desk']}/{row['case_id']}/"


DOCUMENTS = Screen(
    name="documents",
    title="Documents",
    model=Document,
    select=selectors.documents,
    columns=(
        Column("file_name", link=link_to("document", "pk")),
        "desk",
        Column("case_id", link=_case),
        Column("party__code", "SC"),
        "media_type",
        "size_bytes",
        Column("sent_by__username", "Sent by"),
        "sent_at",
        Column("sha256", shown=False),
    ),
    filters=("desk", "party__code", "sent_at"),
    search=("file_name", "desk", "sha256"),
    order=("-sent_at", "-id"),
    roles=SIGNED_IN,
    group="cases",
    intro="Papers of cases as they were received, with their fingerprint.",
    empty="No paper has been attached to a case yet.",
)
register(DOCUMENTS)
add_to_menu(group="Contracts", label="Documents", address="/documents/", roles=SIGNED_IN, order=60)
