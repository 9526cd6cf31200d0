"""Reads of runs: for people, and the manifest a calculation starts from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.core.effective import ParameterSet
from apps.platform.core.tradetime import FAR_FUTURE, Span
from apps.platform.parameters.selectors import parameter_set
from apps.platform.runs.hooks import DatedInput, RunKind
from apps.platform.runs.models import CurrentRun, Publication, Run, RunInput, StaleMark
from apps.platform.runs.rules import fingerprint
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import (
    holds_on,
    versions_known_at,
    versions_known_over,
)


@dataclass(frozen=True)
class Manifest:
    """Everything a run would read for a day as known at a moment."""

    versions: list[tuple[str, DatasetVersion]]
    dated_inputs: list[DatedInput]
    missing: list[str]
    params: ParameterSet
    parameter_hash: str

    @property
    def input_hash(self) -> str:
        """The fingerprint of all inputs but the parameters."""
        return fingerprint(
            [
                *((name, v.period, v.content_hash) for name, v in self.versions),
                *((t.name, t.content_hash) for t in self.dated_inputs),
            ]
        )


def manifest(kind: RunKind, trade_date: date, known_at: datetime) -> Manifest:
    """Return what a kind reads for a day as known at a moment, with what is missing."""
    files = _FilesOver(kind, [trade_date], known_at)
    return files.manifest(trade_date, kind.dated_inputs(trade_date, known_at))


def manifests(
    kind: RunKind, days: Iterable[date], known_at: datetime
) -> Iterator[tuple[date, Manifest]]:
    """Return what a kind reads for each of some days as known at a moment, in their order.

    Files and parameters are read once for all of them, and so is the rest where the kind knows how.
    """
    listed = sorted(days)
    if not listed:
        return
    files = _FilesOver(kind, listed, known_at)
    over = kind.dated_inputs_over or (
        lambda wanted, moment: ((day, kind.dated_inputs(day, moment)) for day in wanted)
    )
    for day, dated_inputs in over(listed, known_at):
        yield day, files.manifest(day, dated_inputs)


class _FilesOver:
    """The dataset versions and parameters that a kind reads on some days, read once."""

    def __init__(self, kind: RunKind, days: Sequence[date], known_at: datetime) -> None:
        self.kind = kind
        span = Span.through(min(days), max(days))
        self.versions = {
            read.dataset.name: versions_known_over(read.dataset.name, known_at, span)
            for read in kind.reads
        }
        self.params = parameter_set(parameters=kind.parameters, span=span, known_at=known_at)

    def manifest(self, day: date, dated_inputs: list[DatedInput]) -> Manifest:
        """Return what is read on one of the days, beside the terms given for it."""
        versions: list[tuple[str, DatasetVersion]] = []
        missing: list[str] = []
        for read in self.kind.reads:
            name = read.dataset.name
            found = [v for v in self.versions[name] if holds_on(v.valid, day)]
            versions += [(name, v) for v in found]
            if not found and read.required:
                missing.append(read.dataset.title)
        values = {
            name: kept
            for name, held in self.params.values.items()
            if (kept := [v for v in held if day in v.span])
        }
        words = [(v.name, v.text) for name in sorted(values) for v in values[name]]
        params = ParameterSet(values)
        return Manifest(versions, dated_inputs, missing, params, fingerprint(words))


def runs(*, viewer: Viewer) -> QuerySet[Run]:
    """Return every run for the ISO, with whether it is current and stale; nobody else sees runs."""
    if not viewer.may(ISO_ROLES):
        return Run.objects.none()
    last_mark = StaleMark.objects.filter(run=OuterRef("pk")).order_by("-at", "-id").values("stale")
    return Run.objects.select_related("opened_by", "published_by").annotate(
        is_current=Exists(CurrentRun.objects.filter(run=OuterRef("pk"))),
        is_stale=Subquery(last_mark[:1]),
    )


def current_run(kind: str, trade_date: date) -> Run | None:
    """Return the published run that readers of a day see, or None."""
    pointer = (
        CurrentRun.objects.filter(kind=kind, trade_date=trade_date).select_related("run").first()
    )
    return pointer.run if pointer else None


def unchanged_since(run: Run) -> Run | None:
    """Return the published run of the day that read the very same as a new run, or None."""
    shown = current_run(run.kind, run.trade_date)
    if shown is None or shown.pk == run.pk:
        return None
    same = (shown.input_hash, shown.parameter_hash) == (run.input_hash, run.parameter_hash)
    return shown if same else None


def stale_causes(run_ids: Iterable[int]) -> dict[int, str]:
    """Return why runs are stale, by run; runs that are not stale are absent. One query."""
    causes: dict[int, list[str]] = {}
    for mark in StaleMark.objects.filter(run_id__in=list(run_ids)).order_by("at", "id"):
        causes[mark.run_id] = [*causes.get(mark.run_id, []), mark.cause] if mark.stale else []
    return {run: "; ".join(dict.fromkeys(said)) for run, said in causes.items() if said}


def stale_cause(run: Run) -> str:
    """Return why a run is stale, or nothing where it is not."""
    return stale_causes([run.pk]).get(run.pk, "")


def inputs_of(run: Run) -> list[RunInput]:
    """Return the manifest of a run."""
    return list(run.inputs.select_related("dataset_version__upload").order_by("name", "pk"))


def version_read(run: Run, dataset: str) -> DatasetVersion | None:
    """Return the version of a dataset that a run read, or None."""
    found = run.inputs.filter(name=dataset, dataset_version__isnull=False).first()
    return found.dataset_version if found else None


def synthetic_runs(run_ids: Iterable[int]) -> set[int]:
    """Return which runs have an invented input, so that their figures must say so. One query."""
    found = RunInput.objects.filter(run_id__in=list(run_ids), dataset_version__is_synthetic=True)
    return set(found.values_list("run_id", flat=True))


def is_synthetic(run: Run) -> bool:
    """Whether any input of a run is invented."""
    return bool(synthetic_runs([run.pk]))


def input_changes(new: Run, old: Run) -> list[dict[str, Any]]:
    """Return which inputs and parameters differ between two runs: the causes of a difference."""
    before = {_place(i): i for i in inputs_of(old)}
    changes: list[dict[str, Any]] = []
    for entry in inputs_of(new):
        was = before.pop(_place(entry), None)
        if was is None or was.content_hash != entry.content_hash:
            changes.append({"name": entry.name, "title": entry.title, "was": was, "now": entry})
    changes += [
        {"name": was.name, "title": was.title, "was": was, "now": None} for was in before.values()
    ]
    old_values = {p["name"]: p["text"] for p in old.parameters}
    for value in new.parameters:
        if old_values.get(value["name"]) != value["text"]:
            changes.append(
                {
                    "name": value["name"],
                    "was": old_values.get(value["name"]),
                    "now": value["text"],
                    "parameter": True,
                }
            )
    if new.code_version != old.code_version:
        changes.append(
            {
                "name": "calculation code",
                "was": old.code_version[:12],
                "now": new.code_version[:12],
                "parameter": True,
            }
        )
    return changes


def _place(entry: RunInput) -> tuple[str, str]:
    return entry.name, entry.dataset_version.period if entry.dataset_version else ""


def days_with_input(kind: RunKind, known_at: datetime, *, day: date | None = None) -> list[date]:
    """Return the trade dates, or one of them, whose every required dataset has a version."""
    only = None if day is None else [day]
    required = [r.dataset.name for r in kind.reads if r.required]
    days: set[date] | None = None
    for name in required:
        found = {
            v.valid.lower
            for v in versions_known_at(name, known_at, days=only)
            if v.valid.upper and v.valid.upper != FAR_FUTURE
        }
        days = found if days is None else days & found
    return sorted(days or set())


def published_days(*, since: date) -> list[date]:
    """Return the trade dates from a day on that have a published run."""
    days = CurrentRun.objects.filter(trade_date__gte=since).order_by("trade_date")
    return list(days.values_list("trade_date", flat=True).distinct())


def publication_rows() -> QuerySet[Publication]:
    """Return the chain of publications, the newest first."""
    return Publication.objects.select_related("run__published_by").order_by("-number")
