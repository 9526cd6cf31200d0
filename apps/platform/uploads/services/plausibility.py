"""Checks of plausibility: what they find of a file, and who acknowledged it with which reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import polars as pl

from apps.platform.accounts.models import User
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Judged
from apps.platform.uploads.models import Acknowledgement, DatasetVersion, Upload
from apps.platform.uploads.selectors import plausibility_shown
from apps.platform.uploads.services.carrying import with_carried
from apps.platform.uploads.services.comparing import ComparedPeriod
from apps.platform.uploads.services.headings import matched
from apps.platform.uploads.services.typed_files import TypedFile

PeriodWarning = tuple[str, Violation]
EVER = "all"
FIRST_DAY = date(1998, 4, 1)  # the ISO runs from this day on, and so do the thresholds


class AcknowledgementMissing(ValueError):
    """A warning of plausibility was not acknowledged; the sentence says which."""


def plausibility_warnings(
    file: TypedFile, periods: list[ComparedPeriod], at: datetime
) -> list[PeriodWarning]:
    """Return (period, warning) of what the checks of plausibility find in what changes.

    A sentence begins with its period and column, so that each can be told from the others.
    """
    found: list[PeriodWarning] = []
    today = at.astimezone(PACIFIC).date()
    columns = frozenset(matched(file.sheet.headings, file.kind.layout, 1)[0])
    for p in periods:
        if p.same:
            continue
        parts = file.kind.parts_of(file.options)
        first = None if file.kind.dataset.period == EVER else file.kind.span_of(p.period).first
        above = int(p.frame["line_no"].max() or 0)  # type: ignore[arg-type]  # a whole number
        before = _typed(p.before, p.frame)
        given = Judged(
            dataset=file.kind.dataset,
            layout=file.kind.layout,
            period=p.period,
            day=max(first or today, FIRST_DAY),
            frame=p.frame,
            whole=with_carried(p.frame, before, parts, above),
            before=before,
            options=file.options,
            texts=file.sheet.frame,
            base=p.base.version if p.base else 0,
            columns=columns,
            first=first,
            today=today,
            current=lambda period, like=p.frame: _typed(file.kind.current(period), like),  # type: ignore[misc]  # bound
        )
        said = [_placed(p.period, f) for check in file.kind.checks for f in check.said(given)]
        found += [(p.period, f) for f in dict.fromkeys(said)]
    return found


def _typed(frame: pl.DataFrame | None, like: pl.DataFrame) -> pl.DataFrame | None:
    """Return rows on file with the types of a file's rows: a column without values has none."""
    if frame is None:
        return None
    return frame.with_columns(
        pl.col(name).cast(like.schema[name])
        for name, kind in frame.schema.items()
        if kind == pl.Null and name in like.columns
    )


def _placed(period: str, said: Violation) -> Violation:
    where = ", ".join(filter(None, (period if period != EVER else "", said.column)))
    return replace(said, message=f"{where}: {said.message}") if where else said


Told = tuple[str, int, str, str]


def _told(line: int, column: str, code: str, message: str) -> Told:
    """A violation as it is kept: how it is known again."""
    return code, line, column[:80], message[:500]


def one_reason(upload: Upload, reason: str) -> dict[int, str]:
    """Return one reason for every warning of plausibility of an upload, for invented data."""
    return dict.fromkeys(plausibility_shown(upload=upload).values_list("pk", flat=True), reason)


def acknowledged_by(
    upload: Upload, found: list[PeriodWarning], reasons: Mapping[int, str]
) -> list[tuple[str, int, str]]:
    """Return (period, violation, reason) of what was found, each with a reason of its own.

    reasons: by the key of the violation as it was shown. Raises AcknowledgementMissing where one is
    missing, or something is found that nobody has been shown.
    """
    shown: dict[Told, list[int]] = defaultdict(list)
    for v in plausibility_shown(upload=upload).order_by("-pk"):
        shown[_told(v.line, v.column, v.code, v.message)].append(v.pk)
    told = []
    for period, violation in found:
        alike = shown[_told(violation.line, violation.column, violation.code, violation.message)]
        key = alike.pop() if alike else None
        if key is None:
            raise AcknowledgementMissing(
                f"Something has come up since the file was read: {violation.message} Check it "
                "again."
            )
        reason = seen_text(reasons.get(key, ""))
        if not reason:
            raise AcknowledgementMissing(
                f"Acknowledge with a reason of its own: {violation.code} {violation.message}"
            )
        told.append((period, key, reason[:300]))
    return told


def keep_acknowledgements(
    told: list[tuple[str, int, str]],
    versions: list[DatasetVersion],
    upload: Upload,
    *,
    actor: User,
    at: datetime,
) -> None:
    """Keep who acknowledged what with which reason, beside the version the warning is about."""
    by_period = {v.period: v for v in versions}
    Acknowledgement.objects.bulk_create(
        Acknowledgement(
            dataset_version=by_period[period],
            violation_id=key,
            reason=reason,
            acknowledged_by=actor,
            acknowledged_at=at,
            sent_by=upload.opened_by,
        )
        for period, key, reason in told
        if period in by_period
    )
