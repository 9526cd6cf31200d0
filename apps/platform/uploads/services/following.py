"""What follows from an upload: who may confirm it, and which published days rest on its periods."""

from __future__ import annotations

from datetime import datetime

from apps.platform.accounts.models import User
from apps.platform.audit.selectors import ties_at
from apps.platform.audit.services import not_independent
from apps.platform.core.tradetime import Span
from apps.platform.notifications.services import holders
from apps.platform.uploads.hooks import OUTDATED, TOUCHED, Reaching, Touched, UploadKind, kind
from apps.platform.uploads.models import Upload

MOST_NAMED = 5


def approvers(upload: Upload, at: datetime) -> list[User]:
    """Return who may confirm a file that needs a second person, five at most (BRQ-0105)."""
    found = holders(kind(upload.kind).confirm_roles, but=upload.opened_by)
    sender, known = upload.opened_by_id, ties_at(at=at)
    return [
        person
        for person in found[: 4 * MOST_NAMED]
        if not not_independent(one_id=person.pk, other_id=sender, at=at, known=known)
    ][:MOST_NAMED]


def outdated_pages(upload: Upload) -> list[tuple[str, str]]:
    """Return (period, address) of the pages that tell which calculations an upload outdated.

    A file that holds from a day on, such as prices, is asked about from its first day on.
    """
    wanted = kind(upload.kind)
    versions = list(upload.versions.order_by("period"))
    if wanted.dataset.period == "as_of":
        versions = versions[:1]
    return [
        (v.period, page(_reach(wanted, v.period), v.known_from))
        for v in versions[:MOST_NAMED]
        for page in OUTDATED
    ]


def _reach(wanted: UploadKind, period: str) -> Span:
    span = wanted.span_of(period)
    return Span(span.first) if wanted.dataset.period == "as_of" else span


def consequences(upload: Upload) -> list[Touched]:
    """Return the published days an upload touches.

    Before it is confirmed those that read its periods, which go stale where an input really
    changes; after it those that did, also where they were calculated again since. Periods that
    stay as they are touch nothing.
    """
    wanted = kind(upload.kind)
    moved = [e["period"] for e in upload.preview.get("periods", []) if not e["same"]]
    if upload.state not in ("READY", "CONFIRMED") or not moved:
        return []
    made = [said for v in upload.versions.all() for said in (v.title, str(v))]  # as marks say it
    if upload.state == "CONFIRMED" and not made:
        return []
    kept = upload.preview.get("kept")
    days = [
        wanted.reach(Reaching(wanted.dataset.name, period, None, kept))
        if wanted.reach and upload.state == "READY"
        else wanted.span_of(period)
        for period in moved
    ]
    return [found for reader in TOUCHED for found in reader(wanted.dataset.name, days, made)]
