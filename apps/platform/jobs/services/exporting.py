"""Exports too large for a request: made by a worker, kept for a week, announced in the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.accounts.services import as_party
from apps.platform.clock.selectors import site_now  # noqa: TID251  (it happens now)
from apps.platform.jobs.codes import JobFailed, Steps
from apps.platform.jobs.hooks import JobKind
from apps.platform.jobs.services.working import keep_file, queue
from apps.platform.notifications.services import tell
from apps.platform.ui import selectors as lists
from apps.platform.ui.screens import SCREENS


def start_export(*, screen: str, form: str, query: str, actor: User, at: datetime) -> str:
    """Queue an export of a list as its asker sees it; return where to follow it."""
    job = queue(
        kind="export",
        title=f"Export {screen} as {form.upper()}",
        actor=actor,
        at=at,
        address=f"{reverse(screen)}?{query}"[:300],
        arguments={"screen": screen, "form": form, "query": query, "actor_id": actor.pk},
    )
    return reverse("job", args=[job.pk])


def export(steps: Steps, *, screen: str, form: str, query: str, actor_id: int) -> None:
    """Make the file, with the rights and under the row policies that its asker has now."""
    actor = User.objects.select_related("party").get(pk=actor_id)
    viewer, wanted = actor.viewer(), SCREENS.get(screen)
    if wanted is None or not wanted.visible_to(viewer):
        raise JobFailed("This list is no longer yours to see.")
    kind, asked = lists.EXPORTS[form], QueryDict(query)
    wall = nullcontext() if viewer.is_iso else as_party(viewer.party_id)
    with wall:
        found = lists.filtered(wanted, viewer=viewer, query=asked)
        if not found.is_valid():
            raise JobFailed("The filters of this list are no longer understood.")
        rows, columns = found.qs, lists.chosen_columns(wanted, asked)
        total = rows.count()
        steps.step(0, total, "writing rows")
        chunks = _told(kind.chunks(wanted, rows, columns), steps, total)
        at = site_now()  # kept from the moment it is ready
        keep_file(
            job_id=steps.job_id,
            name=f"{screen}.{form}",
            media_type=kind.media_type,
            chunks=chunks,
            at=at,
        )
    steps.line(f"{total:,} rows written")
    tell(
        [actor],
        topic="export-ready",
        title=f"{screen}.{form} is ready",
        at=at,
        body=f"{total:,} rows; kept for a week.",
        address=reverse("job", args=[steps.job_id]),
    )


def _told(chunks: Iterator[bytes], steps: Steps, total: int) -> Iterator[bytes]:
    lines = 0
    for chunk in chunks:
        lines += chunk.count(b"\n")
        steps.step(min(lines, total), max(total, 1), "writing rows")
        yield chunk


EXPORT = JobKind(
    code="export",
    title="Export a list",
    work=export,
    advice="Narrow the list with filters, or take CSV, which is streamed without a limit.",
)
