"""Read an upload: typed rows, findings, and what would change; nothing is loaded yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.audit.services import transition
from apps.platform.jobs.terms import Steps, Unseen
from apps.platform.kernel.findings import Finding, Severity
from apps.platform.kernel.words import counted
from apps.platform.notices.services import holders, tell
from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind, kind
from apps.platform.uploads.models import Upload, UploadFinding
from apps.platform.uploads.rules import compare
from apps.platform.uploads.selectors import current_version
from apps.platform.uploads.services.reading import Sheet
from apps.platform.uploads.services.recognising import kinds_that_fit
from apps.platform.uploads.services.typed_files import TypedFile, typed_file

MOST_KEPT_FINDINGS = 5_000
MOST_WORDS = 500
WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Staged:
    """A read upload: its typed rows, and every finding as things stand now."""

    file: TypedFile
    findings: list[Finding]

    @property
    def kind(self) -> UploadKind:
        """The kind of file it is."""
        return self.file.kind

    @property
    def sheet(self) -> Sheet:
        """Its texts as received."""
        return self.file.sheet

    @property
    def frame(self) -> pl.DataFrame:
        """Its typed rows."""
        return self.file.frame

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep the file from being loaded."""
        return [f for f in self.findings if f.severity is Severity.ERROR]


def stage(upload: Upload, steps: Steps | None = None) -> Staged:
    """Read an upload's bytes into typed rows and findings, without writing anything.

    ``steps`` is told how many rows have passed which part of the work, counted by columns.
    """
    steps = steps or Unseen()
    file = typed_file(upload, steps)
    findings = _of_another_kind(file) or list(file.findings)
    rows, columns = file.frame.height, len(file.kind.record.fields) + 2
    steps.step(rows * (columns - 2) // columns, rows, "checking rows against what is known")
    if file.sheet.readable:
        findings += _judged(file.kind, file.frame, findings, upload.options)
    return Staged(file, findings)


def _of_another_kind(file: TypedFile) -> list[Finding]:
    """Return one finding where a file has all headings of another kind, more than of its own."""
    if not any(f.code == "UP-MISSING" for f in file.findings):
        return []
    headings = {h.casefold() for h in file.sheet.headings}
    fitting = {
        k.code: len(k.record.held_by(headings)) for k in UPLOAD_KINDS if k.record.whole_in(headings)
    }
    most = max(fitting.values(), default=0)
    if most <= len(file.kind.record.held_by(headings)):
        return []
    names = " or ".join(f"“{kind(c).title}” ({c})" for c, held in fitting.items() if held == most)
    return [
        Finding(
            "UP-KIND",
            f"The headings are not those of “{file.kind.title}”. They are those of "
            f"{names}: send the file there.",
        )
    ]


def _judged(
    wanted: UploadKind,
    frame: pl.DataFrame,
    findings: list[Finding],
    options: Mapping[str, str],
) -> list[Finding]:
    """Return what the kind's own checks say of the rows that have the right shape.

    Beside misshapen rows only errors count: what is missing from the rest may just be mended.
    """
    wrong = {f.line for f in findings if f.severity is Severity.ERROR}
    if not wrong:
        return wanted.check(frame, options)
    if 0 in wrong:  # something is wrong with the file as a whole, or with more rows than are named
        return []
    rest = frame.filter(~pl.col("line_no").is_in(list(wrong)))
    found = wanted.check(rest, options) if rest.height else []
    return [f for f in found if f.severity is Severity.ERROR]


def rows_as_confirmed(dataset: str, period: str) -> pl.DataFrame | None:
    """Return the typed rows of a period's current version from its file, or None without any.

    For kinds whose tables do not keep every column of the file as it was.
    """
    version = current_version(dataset, period)
    return None if version is None else typed_file(version.upload, Unseen()).periods.get(period)


@transaction.atomic
def read(*, upload_id: int, actor: User, at: datetime, steps: Steps | None = None) -> Upload:
    """Read a received upload: keep its findings and the preview; READY, or REFUSED for errors.

    Whoever may confirm it is told. A JobCancelled from ``steps`` leaves it as it was.
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state != "RECEIVED":
        return upload
    staged = stage(upload, steps)
    if steps is not None:
        steps.step(staged.frame.height, staged.frame.height + 1, "comparing with what is current")
    findings = [*staged.findings, *_sent_before(upload)]
    periods: list[dict[str, Any]] = []
    if not staged.errors:
        periods = _periods(staged)
        findings += _notes(staged.kind, periods)
    reading = upload.findings.order_by("-reading").values_list("reading", flat=True).first() or 0
    UploadFinding.objects.bulk_create(
        UploadFinding(
            upload=upload,
            reading=reading + 1,
            line=f.line,
            column=f.column[:80],
            code=f.code,
            severity=f.severity.value,
            message=f.message[:MOST_WORDS],
            value=f.value[:200],
        )
        for f in sorted(findings, key=lambda f: (WEIGHT[f.severity], f.line))[:MOST_KEPT_FINDINGS]
    )
    warnings = [f for f in findings if f.severity is Severity.WARNING]
    asked = staged.kind.second_person_for
    two_people = staged.kind.second_person or any(f.code in asked for f in findings)
    if not staged.errors and two_people:
        tell(
            holders(staged.kind.confirm_roles, but=upload.opened_by),
            topic="file-waits",
            at=at,
            title=f"{upload.file_name} waits to be confirmed",
            body=f"{staged.kind.title}, {counted(staged.frame.height, 'row')}, sent by "
            f"{upload.opened_by.username}.",
            address=reverse("upload", args=[upload.pk]),
        )
    return transition(
        upload,
        action="refuse" if staged.errors else "read",
        actor=actor,
        at=at,
        note=_sentence(upload, staged, len(warnings)),
        set_fields={
            "row_count": staged.frame.height,
            "error_count": len(staged.errors),
            "warning_count": len(warnings),
            "second_person": two_people,
            "preview": {
                "periods": periods,
                "reading": reading + 1,
                "findings": len(findings),
                "fits": _fits(upload, staged),
            },
        },
    )


def tell_read(upload: Upload, *, at: datetime) -> None:
    """Tell who sent a large file that it has been read."""
    tell(
        [upload.opened_by],
        topic="file-decided",
        at=at,
        address=reverse("upload", args=[upload.pk]),
        title=f"{upload.file_name} has been read: {upload.state}",
        body=f"{counted(upload.row_count or 0, 'row')}, "
        f"{counted(upload.error_count or 0, 'error')}, "
        f"{counted(upload.warning_count or 0, 'warning')}.",
    )


def _sent_before(upload: Upload) -> list[Finding]:
    """Return a note where these very bytes were sent as this kind before and still count."""
    earlier = (
        Upload.objects.filter(
            kind=upload.kind,
            sha256=upload.sha256,
            options=upload.options,
            pk__lt=upload.pk,
            state__in=["RECEIVED", "READY", "CONFIRMED"],
        )
        .select_related("opened_by")
        .order_by("-pk")
        .first()
    )
    if earlier is None:
        return []
    return [
        Finding(
            "UP-AGAIN",
            f"{earlier.opened_by.username} sent this very file as no. {earlier.pk}, which is "
            f"{earlier.state}.",
            severity=Severity.INFO,
        )
    ]


def reread(*, upload_id: int, actor: User, at: datetime) -> Upload:
    """Read an upload again, against the datasets as they stand now."""
    upload = transition(
        Upload.objects.get(pk=upload_id), action="reread", actor=actor, at=at, note="read again"
    )
    return read(upload_id=upload.pk, actor=actor, at=at)


def _fits(upload: Upload, staged: Staged) -> dict[str, int]:
    """Return the kinds a file without readable rows fits; kept, so that no page looks again."""
    if not staged.errors or staged.frame.height:
        return {}
    return kinds_that_fit(bytes(upload.content.content))


def _sentence(upload: Upload, staged: Staged, warnings: int) -> str:
    if staged.errors:
        return f"{upload.file_name}: {counted(len(staged.errors), 'error')}; nothing is loaded"
    rows = counted(staged.frame.height, "row")
    return f"{upload.file_name}: {rows} read, {counted(warnings, 'warning')}"


def _periods(staged: Staged) -> list[dict[str, Any]]:
    found = []
    for period, frame in sorted(staged.file.periods.items()):
        base = current_version(staged.kind.dataset.name, period)
        old = staged.kind.current(period)
        difference = compare(frame, old, staged.kind.record, replaces=staged.kind.replaces)
        same = base is not None and base.content_hash == staged.file.digest(period)
        found.append(
            {
                "period": period,
                "base": base.version if base else 0,
                "rows": frame.height,
                "same": same,
                **asdict(difference),
            }
        )
    for later in found[5:]:
        later["samples"] = {}  # a month of days: counts for all, rows for the first few
    return found


def _notes(wanted: UploadKind, periods: list[dict[str, Any]]) -> list[Finding]:
    notes = []
    for entry in periods:
        if entry["same"]:
            notes.append(
                Finding(
                    "UP-SAME",
                    f"{entry['period']}: identical to version {entry['base']}; confirming changes "
                    "nothing.",
                    severity=Severity.INFO,
                )
            )
        elif entry["removed"]:
            notes.append(
                Finding(
                    "UP-ENDS",
                    f"{entry['period']}: a new file replaces the whole period; "
                    f"{counted(entry['removed'], 'row')} of version {entry['base']} not in it "
                    f"{'ends' if entry['removed'] == 1 else 'end'} with it.",
                    severity=Severity.WARNING,
                )
            )
    return notes
