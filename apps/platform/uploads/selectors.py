"""Reads of uploads and dataset versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection, models
from django.db.models import QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import Span
from apps.platform.uploads.hooks import kind
from apps.platform.uploads.models import (
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


def versions_known_over(dataset: str, known_at: datetime, span: Span) -> list[DatasetVersion]:
    """Return, for each period that has a day of a span, the version current at a moment."""
    found = DatasetVersion.objects.filter(
        dataset=dataset, known_from__lte=known_at, valid__overlap=(span.first, span.end)
    )
    return list(found.order_by("period", "-version").distinct("period"))


def holds_on(valid: Any, day: date) -> bool:
    """Whether a range of days, as a table keeps it, has a day."""
    begun = valid.lower is None or valid.lower <= day
    return bool(begun and (valid.upper is None or day < valid.upper))


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


CHAINS = """
with recursive chain (first, id, carries_id, depth) as (
    select id, id, carries_id, 0 from uploads_datasetversion where id = any(%s)
    union all
    select chain.first, older.id, older.carries_id, chain.depth + 1
    from chain join uploads_datasetversion older on older.id = chain.carries_id
)
select first, id from chain order by first, depth
"""


def carry_chains(versions: Iterable[DatasetVersion]) -> dict[int, list[DatasetVersion]]:
    """Return by version the versions whose rows it has, itself first, then whom it carries.

    Two queries, however many there are of them; each comes with its upload, but for the preview.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHAINS, [[v.pk for v in versions]])
        links = cursor.fetchall()
    rows = DatasetVersion.objects.select_related("upload", "confirmed_by").defer("upload__preview")
    held = rows.in_bulk({key for _, key in links})
    found: dict[int, list[DatasetVersion]] = {}
    for first, key in links:
        found.setdefault(first, []).append(held[key])
    return found


def last_period(dataset: str, period: str) -> str:
    """Return the last period of a dataset before one that is named by a day, or nothing."""
    earlier = DatasetVersion.objects.filter(dataset=dataset, period__lt=period)
    return earlier.order_by("-period").values_list("period", flat=True).first() or ""


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
