"""Reads of uploads and dataset versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import models
from django.db.models import QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.uploads.hooks import UPLOAD_KINDS, kind
from apps.platform.uploads.models import (
    Acknowledgement,
    DatasetVersion,
    Upload,
    UploadViolation,
)


def uploads(*, viewer: Viewer) -> QuerySet[Upload]:
    """Return the uploads a viewer may see: the ISO's people see all, nobody else any."""
    found = Upload.objects.select_related("opened_by", "decided_by")
    return found if viewer.is_iso else found.none()


def dataset_versions(*, viewer: Viewer) -> QuerySet[DatasetVersion]:
    """Return the dataset versions a viewer may list."""
    found = DatasetVersion.objects.select_related("upload", "confirmed_by")
    return found if viewer.is_iso else found.none()


def violations(*, upload: Upload) -> QuerySet[UploadViolation]:
    """Return the violations of the latest reading of an upload the viewer was given."""
    return upload.violations.filter(reading=upload.preview.get("reading", 1))


def plausibility_shown(*, upload: Upload) -> QuerySet[UploadViolation]:
    """Return the warnings of plausibility of the latest reading of an upload."""
    return violations(upload=upload).filter(code__in=kind(upload.kind).plausibility_codes)


def has_wrong_rows(*, upload: Upload) -> bool:
    """Return whether an error stands at a row, which may then be corrected on its page."""
    return violations(upload=upload).filter(severity="error", line__gt=1).exists()


def kinds_sent(*, viewer: Viewer) -> list[str]:
    """Return the kinds a person sent, the last one first."""
    sent = Upload.objects.filter(opened_by_id=viewer.user_id).order_by("-pk")
    return list(dict.fromkeys(sent.values_list("kind", flat=True)[:200]))


def versions_known_at(
    dataset: str, known_at: datetime, *, days: Iterable[date] | None = None, period: str = ""
) -> list[DatasetVersion]:
    """Return, for each period, the version of a dataset that was current at a moment.

    ``days`` keeps the periods that cover one of the days; ``period`` keeps just that one.
    """
    found = DatasetVersion.objects.filter(dataset=dataset, known_from__lte=known_at)
    if period:
        found = found.filter(period=period)
    if days is not None:
        wanted = models.Q(pk__in=[])
        for day in days:
            wanted |= models.Q(valid__contains=day)
        found = found.filter(wanted)
    return list(found.order_by("period", "-version").distinct("period"))


def in_force() -> models.ExpressionWrapper[Any]:
    """Whether a row is of the newest version of its dataset and period, to annotate Facts with."""
    newest = (
        DatasetVersion.objects.order_by("dataset", "period", "-version")
        .distinct("dataset", "period")
        .values("pk")
    )
    return models.ExpressionWrapper(
        models.Q(dataset_version_id__in=newest), output_field=models.BooleanField()
    )


def current_version(dataset: str, period: str) -> DatasetVersion | None:
    """Return the newest version of a dataset for a period, or None."""
    return (
        DatasetVersion.objects.filter(dataset=dataset, period=period).order_by("-version").first()
    )


def current_frame(
    model: type[models.Model], *, dataset: str, period: str, columns: Mapping[str, Any]
) -> pl.DataFrame | None:
    """Return the current Facts of a period under an upload's field names, or None without any.

    columns: field path, or expression such as ``stored("mwh")``, by name in the frame.
    """
    version = current_version(dataset, period)
    if version is None:
        return None
    wanted = [models.F(c) if isinstance(c, str) else c for c in columns.values()]
    rows = model._default_manager.filter(dataset_version=version).order_by().values_list(*wanted)
    return pl.DataFrame(list(rows), schema=list(columns), orient="row", infer_schema_length=None)


@dataclass(frozen=True)
class AcknowledgedWarning:
    """A warning of plausibility of an input: what it said, who said it is right, when and why."""

    code: str
    message: str
    acknowledged_by: str
    acknowledged_at: datetime
    reason: str


@dataclass(frozen=True)
class InputVersion:
    """A dataset version as an input of a trade date; warnings of rows it carries are among its."""

    version: DatasetVersion
    sent_by: str
    sent_at: datetime
    confirmed_by: str
    confirmed_at: datetime
    acknowledged: tuple[AcknowledgedWarning, ...]

    @property
    def title(self) -> str:
        """What people call it: dataset, period, version."""
        return self.version.title

    @property
    def rows(self) -> int:
        """How many rows are in force of it."""
        return self.version.row_count


def inputs_of_day(
    *, trade_date: date, known_at: datetime, datasets: Iterable[str] | None = None
) -> list[InputVersion]:
    """Return the versions that cover a trade date as known at a moment, with what was acknowledged.

    datasets: the names of those to look at, or all that kinds of files write. For the ISO's people.
    """
    names = datasets if datasets is not None else {k.dataset.name for k in UPLOAD_KINDS}
    found = [
        version
        for name in sorted(names)
        for version in versions_known_at(name, known_at, days=[trade_date])
    ]
    return inputs_of_versions([v.pk for v in found])


def inputs_of_versions(keys: Iterable[int]) -> list[InputVersion]:
    """Return versions, such as the inputs of a run, with the warnings acknowledged for each."""
    rows = DatasetVersion.objects.filter(pk__in=list(keys))
    found = rows.select_related("upload__opened_by", "confirmed_by").order_by("dataset", "period")
    return [
        InputVersion(
            version=v,
            sent_by=v.upload.opened_by.username,
            sent_at=v.upload.opened_at,
            confirmed_by=v.confirmed_by.username,
            confirmed_at=v.known_from,
            acknowledged=tuple(_acknowledged(v)),
        )
        for v in found
    ]


def _acknowledged(version: DatasetVersion) -> list[AcknowledgedWarning]:
    chain, one = [], version
    while True:
        chain.append(one.pk)
        if one.carries is None:
            break
        one = one.carries
    rows = Acknowledgement.objects.filter(dataset_version_id__in=chain)
    return [
        AcknowledgedWarning(
            a.violation.code,
            a.violation.message,
            a.acknowledged_by.username,
            a.acknowledged_at,
            a.reason,
        )
        for a in rows.select_related("violation", "acknowledged_by")
    ]
