"""Turn a read upload into dataset versions, all of it or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pghistory
import polars as pl
from django.db import connection, transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.audit.services import (
    as_range,
    knowledge_moment,
    log_event,
    not_independent,
    transition,
)
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import Severity
from apps.platform.core.words import counted
from apps.platform.notifications.services import tell
from apps.platform.uploads.hooks import DATASET_WATCHERS, Storing, kind
from apps.platform.uploads.models import DatasetVersion, Upload
from apps.platform.uploads.selectors import current_version, plausibility_shown, violations
from apps.platform.uploads.services.carrying import carry
from apps.platform.uploads.services.comparing import compared_periods, content_of
from apps.platform.uploads.services.plausibility import (
    AcknowledgementMissing,
    acknowledged_by,
    keep_acknowledgements,
    plausibility_warnings,
)
from apps.platform.uploads.services.staging import MOST_KEPT, MOST_WORDS, Staged, stage


class ConfirmRefused(ValueError):
    """The upload cannot be confirmed; the message says why and what to do."""


@transaction.atomic
def confirm(
    *,
    upload_id: int,
    actor: User,
    at: datetime,
    reason: str = "",
    acknowledged: Mapping[int, str] | None = None,
) -> tuple[Upload, list[DatasetVersion]]:
    """Load a read upload: one new dataset version for each period that changes.

    A second person confirms where the kind asks for it; warnings need a reason, which is kept.
    Each warning of plausibility needs one of its own: ``acknowledged`` gives them by the key of the
    violation. Raises ConfirmRefused where roles, people, warnings or a newer current version stand
    against it; then nothing is loaded. Source: BRQ-0105 (approvals as for other resources).
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    wanted = kind(upload.kind)
    _admit(upload, actor, reason, at)
    moment = knowledge_moment(at=at)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [wanted.dataset.name])
    staged = stage(upload)
    if staged.errors:
        raise ConfirmRefused(
            f"What the file refers to has changed since it was read: {staged.errors[0].message} "
            "Check it again."
        )
    _nothing_new(upload, staged)
    told = _acknowledged(upload, staged, acknowledged or {}, at)
    versions = []
    with pghistory.context(user=actor.pk, upload=upload.pk):
        for period, frame in sorted(staged.file.periods.items()):
            version = _version(upload, staged, period, frame, actor, moment)
            if version is not None:
                wanted.store(Storing(frame, version, upload.options, actor, upload.opened_by))
                if version.carries_id is not None and wanted.parts is not None:
                    carry(version, wanted.parts)
                versions.append(version)
    keep_acknowledgements(told, versions, upload, actor=actor, at=moment)
    upload = transition(
        upload,
        action="confirm",
        actor=actor,
        at=at,
        note=_sentence(upload, versions, reason),
        set_fields={"decided_by": actor, "decided_at": moment},
    )
    if actor.pk != upload.opened_by_id:
        tell(
            [upload.opened_by],
            topic="file-decided",
            at=moment,
            address=reverse("upload", args=[upload.pk]),
            title=f"{upload.file_name} is confirmed",
            body=f"By {actor.username}.",
        )
    for version in versions:
        log_event(
            action="uploads.dataset_version.confirmed",
            sentence=f"{version.title} confirmed with {counted(version.row_count, 'row')}",
            actor=actor,
            at=moment,
            subject=version,
        )
        for watcher in DATASET_WATCHERS:
            watcher(version, actor, moment)
    return upload, versions


def _acknowledged(
    upload: Upload, staged: Staged, reasons: Mapping[int, str], at: datetime
) -> list[tuple[str, int, str]]:
    """Return what the checks of plausibility find now, each with the reason given for it."""
    found = plausibility_warnings(staged.file, compared_periods(staged.file), at)
    try:
        return acknowledged_by(upload, found, reasons)
    except AcknowledgementMissing as trouble:
        raise ConfirmRefused(str(trouble)) from trouble


def _nothing_new(upload: Upload, staged: Staged) -> None:
    """Refuse where a warning has come up or says otherwise than when the file was read.

    Nobody has seen it yet: a limit passed by 1 MW then may be passed by 19 MW now. A reason
    written beside a row, or given now, was given for other violations.
    """
    if (upload.warning_count or 0) > MOST_KEPT:
        raise ConfirmRefused(
            f"The file has {upload.warning_count:,} warnings, of which {MOST_KEPT:,} are kept. "
            "Correct what they say, or split the file and send it in parts."
        )
    shown = {(f.line, f.code, f.message) for f in violations(upload=upload)}
    new = [
        f
        for f in staged.violations
        if f.severity is Severity.WARNING and (f.line, f.code, f.message[:MOST_WORDS]) not in shown
    ]
    if new:
        raise ConfirmRefused(
            f"Something has come up since the file was read: {new[0].message} Check it again."
        )


def _admit(upload: Upload, actor: User, reason: str, at: datetime) -> None:
    wanted = kind(upload.kind)
    if upload.state != "READY":
        raise ConfirmRefused(f"This upload is {upload.state}; only a READY one can be confirmed.")
    if not actor.viewer().may(wanted.confirm_roles):
        raise ConfirmRefused(f"Your roles do not allow you to confirm {wanted.title}.")
    if upload.second_person and actor.pk == upload.opened_by_id:
        raise ConfirmRefused(
            "You sent this file; a second person has to confirm it. Ask a colleague with the "
            "approver role."
        )
    why = not_independent(one_id=actor.pk, other_id=upload.opened_by_id, at=at)
    if upload.second_person and why:
        raise ConfirmRefused(why)
    other = (upload.warning_count or 0) - plausibility_shown(upload=upload).count()
    if other > 0 and not seen_text(reason):
        raise ConfirmRefused("The file has warnings; say in a sentence why it is right as it is.")


def _version(
    upload: Upload, staged: Staged, period: str, frame: pl.DataFrame, actor: User, at: datetime
) -> DatasetVersion | None:
    wanted = staged.kind
    base = current_version(wanted.dataset.name, period)
    seen = _seen_base(upload.preview, period)
    if (base.version if base else 0) != seen:
        raise ConfirmRefused(
            f"{period} is at version {base.version if base else 0} now; this file was checked "
            f"{f'against version {seen}' if seen else 'before there was one'}. Check it again to "
            "see what it would change now."
        )
    entry = next(e for e in upload.preview["periods"] if e["period"] == period)
    if base is not None and entry["same"]:
        return None
    kept = int(entry.get("kept", 0))
    carries = base if kept else None
    return DatasetVersion.objects.create(
        dataset=wanted.dataset.name,
        period=period,
        valid=as_range(wanted.span_of(period)),
        version=seen + 1,
        upload=upload,
        content_hash=content_of(staged.file.digest(period), carries, kept),
        row_count=frame.height + kept,
        is_synthetic=_synthetic(frame) or bool(carries and carries.is_synthetic),
        carries=carries,
        carried_above=int(frame["line_no"].max() or 0) if carries else None,  # type: ignore[arg-type]  # polars: any
        known_from=at,
        confirmed_by=actor,
    )


def _seen_base(preview: Mapping[str, Any], period: str) -> int:
    return next((int(e["base"]) for e in preview["periods"] if e["period"] == period), 0)


def _synthetic(frame: pl.DataFrame) -> bool:
    if "source" not in frame.columns:
        return False
    return bool(frame["source"].str.starts_with("SYNTHETIC").any())


def _sentence(upload: Upload, versions: list[DatasetVersion], reason: str) -> str:
    made = f"{len(versions)} dataset versions" if len(versions) != 1 else versions[0].title
    said = f"; reason: {seen_text(reason)}" if seen_text(reason) else ""
    return f"{upload.file_name} confirmed: {made if versions else 'nothing changed'}{said}"


def withdraw(*, upload_id: int, actor: User, at: datetime, reason: str = "") -> Upload:
    """Give a read upload up; nothing of it is loaded. The sender or an approver may."""
    upload = Upload.objects.get(pk=upload_id)
    wanted = kind(upload.kind)
    if actor.pk != upload.opened_by_id and not actor.viewer().may(wanted.confirm_roles):
        raise ConfirmRefused("Only the sender or an approver may withdraw an upload.")
    return transition(
        upload,
        action="withdraw",
        actor=actor,
        at=at,
        note=f"{upload.file_name} withdrawn{': ' + reason if reason else ''}",
        set_fields={"decided_by": actor, "decided_at": at},
    )
