"""Read an upload: typed rows, violations, and what would change; nothing is loaded yet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from heapq import nsmallest
from typing import Any

import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.audit.services import transition
from apps.platform.core.violations import Severity, Violation
from apps.platform.core.words import counted
from apps.platform.jobs.codes import Steps, Unseen
from apps.platform.notifications.services import holders, tell
from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind, kind
from apps.platform.uploads.models import DatasetVersion, Upload, UploadViolation
from apps.platform.uploads.rules import MANY, defaulted
from apps.platform.uploads.selectors import carry_chains, current_version
from apps.platform.uploads.services.carrying import with_carried
from apps.platform.uploads.services.comparing import (
    ComparedPeriod,
    VersionUnreadable,
    compared_periods,
    notes_of,
    preview_of,
)
from apps.platform.uploads.services.plausibility import plausibility_warnings
from apps.platform.uploads.services.reading import Sheet
from apps.platform.uploads.services.recognising import kinds_that_fit
from apps.platform.uploads.services.typed_files import TypedFile, typed_file

MOST_KEPT = 5_000
MOST_WORDS = 500
WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Staged:
    """A read upload: its typed rows, and every violation as things stand now."""

    file: TypedFile
    violations: list[Violation]

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
    def errors(self) -> list[Violation]:
        """The violations that keep the file from being loaded."""
        return [f for f in self.violations if f.severity is Severity.ERROR]


def stage(upload: Upload, steps: Steps | None = None) -> Staged:
    """Read an upload's bytes into typed rows and violations, without writing anything.

    ``steps`` is told how many rows have passed which part of the work, counted by columns.
    """
    steps = steps or Unseen()
    file = typed_file(upload, steps)
    violations = _of_another_kind(file) or list(file.violations)
    rows, columns = file.frame.height, len(file.kind.layout.fields) + 2
    steps.step(rows * (columns - 2) // columns, rows, "checking rows against what is known")
    if file.sheet.readable:
        violations += _judged(file, violations)
    return Staged(file, violations)


def _of_another_kind(file: TypedFile) -> list[Violation]:
    """Return one violation where a file has all headings of another kind, more than of its own."""
    if not any(f.code == "UP-MISSING" for f in file.violations):
        return []
    headings = {h.casefold() for h in file.sheet.headings}
    fitting = {
        k.code: len(k.layout.held_by(headings)) for k in UPLOAD_KINDS if k.layout.whole_in(headings)
    }
    most = max(fitting.values(), default=0)
    if most <= len(file.kind.layout.held_by(headings)):
        return []
    names = " or ".join(f"“{kind(c).title}” ({c})" for c, held in fitting.items() if held == most)
    return [
        Violation(
            "UP-KIND",
            f"The headings are not those of “{file.kind.title}”. They are those of "
            f"{names}: send the file there.",
        )
    ]


def _judged(file: TypedFile, violations: list[Violation]) -> list[Violation]:
    """Return what the kind's own checks say of the rows that have the right shape.

    Beside misshapen rows only errors count: what is missing from the rest may just be corrected.
    Which rows those are is told of every row, not only of those that violations name.
    """
    errors = [f for f in violations if f.severity is Severity.ERROR]
    if not errors:
        return file.kind.check(file.frame, file.options)
    if any(f.line == 0 and f.code != MANY for f in errors):  # of the file as a whole
        return []
    named = pl.Series([f.line for f in errors], dtype=pl.Int64)
    wrong = pl.concat([file.misshapen, named]).unique()
    rest = file.frame.filter(~pl.col("line_no").is_in(wrong.implode()))
    found = file.kind.check(rest, file.options) if rest.height else []
    return [f for f in found if f.severity is Severity.ERROR]


def rows_as_confirmed(dataset: str, period: str) -> pl.DataFrame | None:
    """Return the typed rows of a period's current version from its file, or None without any.

    For kinds whose tables do not keep every column of the file as it was. Raises ReadingBusy, and
    VersionUnreadable where the file of a version has no rows any more: that is not no version.
    """
    version = current_version(dataset, period)
    return None if version is None else _rows_of(version)


def _rows_of(version: DatasetVersion) -> pl.DataFrame:
    """Return the rows of a version: those of the oldest file, with each that corrects parts."""
    found: pl.DataFrame | None = None
    for one in reversed(carry_chains([version])[version.pk]):
        file = typed_file(one.upload, Unseen())
        own = file.periods.get(one.period) if file.sheet.readable else None
        if own is None:
            raise VersionUnreadable(one, file.violations)
        parts = file.kind.parts_of(one.upload.options)
        found = own if found is None else with_carried(own, found, parts, one.carried_above or 0)
    assert found is not None  # the chain begins with the version itself
    return found


@transaction.atomic
def read(*, upload_id: int, actor: User, at: datetime, steps: Steps | None = None) -> Upload:
    """Read a received upload: keep its violations and the preview; READY, or REFUSED for errors.

    Whoever may confirm it is told. A JobCancelled from ``steps`` leaves it as it was.
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state != "RECEIVED":
        return upload
    staged = stage(upload, steps)
    if steps is not None:
        steps.step(staged.frame.height, staged.frame.height + 1, "comparing with what is current")
    violations = [*staged.violations, *_sent_before(upload)]
    periods: list[ComparedPeriod] = []
    unlikely: list[Violation] = []
    if not staged.errors:
        periods = compared_periods(staged.file)
        unlikely = [f for _, f in plausibility_warnings(staged.file, periods, at)]
        violations += [*notes_of(periods), *unlikely]
    if not staged.errors:
        violations += _too_many(violations)
    errors = [f for f in violations if f.severity is Severity.ERROR]
    reading = upload.violations.order_by("-reading").values_list("reading", flat=True).first() or 0
    UploadViolation.objects.bulk_create(
        UploadViolation(
            upload=upload,
            reading=reading + 1,
            line=f.line,
            column=f.column[:80],
            code=f.code,
            severity=f.severity.value,
            message=f.message[:MOST_WORDS],
            value=f.value[:200],
        )
        for f in nsmallest(MOST_KEPT, violations, key=_weight)
    )
    warnings = [f for f in violations if f.severity is Severity.WARNING]
    asked = staged.kind.second_person_for
    two_people = (
        staged.kind.second_person or bool(unlikely) or any(f.code in asked for f in violations)
    )
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
        action="refuse" if errors else "read",
        actor=actor,
        at=at,
        note=_sentence(upload, staged, len(errors), len(warnings)),
        set_fields={
            "row_count": staged.frame.height,
            "error_count": len(errors),
            "warning_count": len(warnings),
            "second_person": two_people,
            "preview": {
                "periods": preview_of(periods),
                "defaults": [asdict(d) for d in defaulted(staged.sheet.frame, staged.kind.layout)],
                "reading": reading + 1,
                "violations": len(violations),
                "fits": _fits(upload, staged),
                **_kept(staged),
            },
        },
    )


def _weight(said: Violation) -> tuple[int, bool, int]:
    """Order errors first, then warnings that each need a reason of their own, then the others."""
    return WEIGHT[said.severity], not said.code.startswith("PL-"), said.line


def _too_many(violations: list[Violation]) -> list[Violation]:
    """Refuse more warnings than are kept: nobody could be shown the rest of them."""
    warnings = sum(f.severity is Severity.WARNING for f in violations)
    if warnings <= MOST_KEPT:
        return []
    return [
        Violation(
            "UP-MANY",
            f"The file has {warnings:,} warnings, of which {MOST_KEPT:,} are kept. Correct what "
            "they say, or split the file and send it in parts.",
        )
    ]


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


def _sent_before(upload: Upload) -> list[Violation]:
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
        Violation(
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


def _kept(staged: Staged) -> dict[str, Any]:
    """Return what a kind keeps of a file that waits, under ``kept``; nothing of one with errors."""
    keeps = staged.kind.keeps
    return {} if keeps is None or staged.errors else {"kept": keeps(staged.frame)}


def _fits(upload: Upload, staged: Staged) -> dict[str, int]:
    """Return the kinds a file without readable rows fits; kept, so that no page looks again."""
    if not staged.errors or staged.frame.height:
        return {}
    return kinds_that_fit(bytes(upload.content.content))


def _sentence(upload: Upload, staged: Staged, errors: int, warnings: int) -> str:
    if errors:
        return f"{upload.file_name}: {counted(errors, 'error')}; nothing is loaded"
    rows = counted(staged.frame.height, "row")
    return f"{upload.file_name}: {rows} read, {counted(warnings, 'warning')}"
