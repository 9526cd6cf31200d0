"""The list of papers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.accounts.rules import Viewer
from apps.platform.documents import selectors
from apps.platform.documents.codes import PAPER_HELP
from apps.platform.documents.models import Document
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Row, Screen, link_to
from apps.platform.ui.workflow import Workflow


def paper_panel(desk: Workflow, case: Any, viewer: Viewer) -> tuple[str, dict[str, Any]] | None:
    """Return the panel of a case's documents that are the viewer's to see, and a way to add one."""
    rows = selectors.documents(viewer=viewer).filter(desk=desk.name, case_id=case.pk)
    papers = list(rows.order_by("sent_at", "pk"))
    may_attach = viewer.may(desk.document_roles) and not case.STATES.is_over(case.state)
    if not (papers or may_attach or viewer.is_iso):
        return None
    return (
        "documents/_papers.html",
        {"papers": papers, "desk": desk.name, "taken": PAPER_HELP, "may_attach": may_attach},
    )


def _case(row: Row) -> str | None:
    return reverse(f"{row['desk']}-case", args=[row["case_id"]])


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
SCREENS.register(DOCUMENTS)
MENU.register(
    MenuItem(group="Contracts", label="Documents", name="documents", roles=SIGNED_IN, order=60)
)
