"""What a trade date is settled from, looked at before the run: readiness, inputs, violations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.adequacy.availability.codes import DAILY as AVAILABILITY_RUN
from apps.bidding.costs.codes import ADDERS, DAILY_COSTS
from apps.bidding.costs.services import files_of_costs
from apps.platform.accounts.rules import THE_ISO
from apps.platform.core.datasets import Dataset
from apps.platform.core.rulebook import implements
from apps.platform.runs.hooks import (
    RUN_KINDS,
    DatedInput,
    Hold,
    HoldEffect,
    ReadinessCheck,
    files_of_hold,
)
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import dataset_versions, versions_known_at
from apps.platform.uploads.services import AcknowledgedViolation, acknowledged_in
from apps.reliability.designations.codes import CONTRACT_TERMS
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.services.readiness import readiness_on
from apps.settlement.settlements.services.settling import terms_of

TERMS = ((DAILY, CONTRACT_TERMS), (DAILY_COSTS, ADDERS))
"""Files of terms: each adds what holds from a day to another, so a day rests on all of them."""


@dataclass(frozen=True)
class CheckedInput:
    """A check of a trade date's inputs with what it found.

    ``state``: READY where it found nothing, else what the worst hold does. ``runs``: what makes
    holds good, as (kind of calculation, its trade dates). ``files``: (kind of file, title).
    """

    check: ReadinessCheck
    holds: Sequence[Hold]

    @property
    def state(self) -> str:
        """READY, or the effect of the worst hold."""
        effects = {h.effect for h in self.holds}
        return next((e.value for e in HoldEffect if e in effects), "READY")

    @property
    def runs(self) -> list[tuple[str, list[date]]]:
        """The calculations that make holds good, with their trade dates."""
        days: dict[str, set[date]] = {}
        for hold in self.holds:
            if hold.kind:
                days.setdefault(hold.kind, set()).update(hold.days)
        return [(kind, sorted(found)) for kind, found in sorted(days.items())]

    @property
    def files(self) -> list[tuple[str, str]]:
        """The kinds of files that make good what no calculation does."""
        wanted = [code for h in self.holds for code in files_of_hold(h.code, h.kind, h.details)]
        return [(code, UPLOAD_KINDS[code].title) for code in dict.fromkeys(wanted)]


@dataclass(frozen=True)
class InputOfDay:
    """A file of a trade date: who reads it, and the version in force, if there is one.

    ``required``: without it the calculation cannot be requested.
    """

    dataset: Dataset
    read_by: str
    required: bool
    version: DatasetVersion | None
    kind: str


@dataclass(frozen=True)
class DataQuality:
    """What a trade date would be settled from now, and what is not right about it."""

    day: date
    at: datetime
    checks: Sequence[CheckedInput]
    inputs: Sequence[InputOfDay]
    terms: Sequence[DatedInput]
    acknowledged: Sequence[tuple[DatasetVersion, AcknowledgedViolation]]

    @property
    def missing(self) -> list[InputOfDay]:
        """Files without which the day cannot be settled at all."""
        return [i for i in self.inputs if i.required and i.version is None]

    @property
    def holds(self) -> list[Hold]:
        """What a run made now holds, or is published with a reason for."""
        found = [h for asked in self.checks for h in asked.holds]
        return [h for h in found if h.effect != HoldEffect.NAMED]

    @property
    def state(self) -> str:
        """MISSING, HELD, REASON, NAMED or READY: the worst there is."""
        states = {asked.state for asked in self.checks}
        worst = next((e.value for e in HoldEffect if e.value in states), "READY")
        return "MISSING" if self.missing else worst


@implements("BRQ-1206", "BRQ-1215", "BRQ-1225", source="settlement rule book 15, decision G36")
def data_quality_of(day: date, at: datetime) -> DataQuality:
    """Return what a trade date would be settled from at a moment, for the ISO."""
    inputs = _inputs(day, at)
    found = acknowledged_in(_versions(inputs))
    checks = [CheckedInput(check, holds) for check, holds in readiness_on(day, at)]
    return DataQuality(day, at, checks, inputs, terms_of(day, at), found)


def files_behind(day: date, at: datetime) -> list[DatasetVersion]:
    """Return the files a trade date's settlement rests on, those of its terms and costs too."""
    return _versions(_inputs(day, at))


def _versions(inputs: Iterable[InputOfDay]) -> list[DatasetVersion]:
    return list({i.version.pk: i.version for i in inputs if i.version}.values())


def _inputs(day: date, at: datetime) -> list[InputOfDay]:
    """Return every file of the day's settlement, its costs and its availability, once."""
    read: dict[str, tuple[Dataset, list[str], bool]] = {}
    for code in (DAILY, DAILY_COSTS, AVAILABILITY_RUN):
        kind = RUN_KINDS[code]
        for one in kind.reads:
            known = read.get(one.dataset.name, (one.dataset, [], False))
            needed = known[2] or (code == DAILY and one.required)
            read[one.dataset.name] = (one.dataset, [*known[1], kind.title], needed)
    by_rows = files_of_costs(day, at)
    told = {d.name for files in by_rows for d in files.datasets} | {t.name for _, t in TERMS}
    found = [
        row
        for name, (dataset, by, needed) in read.items()
        if name not in told
        for row in _rows((dataset,), ", ".join(by), _in_force(dataset, day, at), required=needed)
    ]
    for files in by_rows:
        kept = _kept(files.versions)
        found += _rows(files.datasets, RUN_KINDS[DAILY_COSTS].title, kept)
    for code, terms in TERMS:
        files_of_terms = DatasetVersion.objects.filter(dataset=terms.name, known_from__lte=at)
        kept = _kept(files_of_terms.values_list("pk", flat=True))
        found += _rows((terms,), RUN_KINDS[code].title, kept)
    return found


def _rows(
    datasets: Sequence[Dataset],
    read_by: str,
    versions: Sequence[DatasetVersion],
    *,
    required: bool = False,
) -> list[InputOfDay]:
    """Return a row for each version; one of the first dataset where there is none."""
    of_name = {dataset.name: dataset for dataset in datasets}
    kinds = {k.dataset.name: k.code for k in UPLOAD_KINDS}
    pairs: list[tuple[Dataset, DatasetVersion | None]] = [(of_name[v.dataset], v) for v in versions]
    return [
        InputOfDay(dataset, read_by, required, version, kinds.get(dataset.name, ""))
        for dataset, version in pairs or [(datasets[0], None)]
    ]


def _kept(keys: Iterable[int]) -> list[DatasetVersion]:
    """Return dataset versions with their files, the newest first."""
    rows = dataset_versions(viewer=THE_ISO).select_related("upload__opened_by")
    return sorted(rows.in_bulk(list(keys)).values(), key=lambda v: -v.pk)


def _in_force(dataset: Dataset, day: date, at: datetime) -> list[DatasetVersion]:
    """Return the versions of a day; of files that hold from a date on, the newest such alone."""
    found = versions_known_at(dataset.name, at, days=[day])
    if dataset.period == "as_of" and found:
        found = [max(found, key=lambda v: (v.valid.lower or date.min, v.version))]
    return _kept(v.pk for v in found)


def mendable(day: date, at: datetime, *, check: str = "") -> list[dict[str, Any]]:
    """Return what was found of a day's inputs, of one check or of all, as plain values.

    check: its name. Raises LookupError for a check there is none of.
    """
    asked = readiness_on(day, at)
    if check and check not in {one.name for one, _ in asked}:
        known = ", ".join(one.name for one, _ in asked)
        raise LookupError(f"There is no check {check!r}; there are {known}.")
    return [hold.as_dict() for one, holds in asked for hold in holds if check in ("", one.name)]
