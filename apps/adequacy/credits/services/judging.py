"""Judge credits against what is on file of their resources and months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from apps.adequacy.credits.layouts import TAC_CODES
from apps.adequacy.credits.rules import (
    CreditFacts,
    check_credit,
    overridden,
    read_tac_areas,
)
from apps.adequacy.credits.selectors import credits_for, process_of
from apps.adequacy.credits.services.files import span_of_period
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import FAR_MOMENT, Span, last_of_month
from apps.platform.core.violations import Violation
from apps.platform.parameters.selectors import parameter_set
from apps.reference.resources.rules import (
    LEGACY_LABEL_FROM,
    credit_label,
    question,
    rmr_vintage,
    shown,
)
from apps.reference.resources.selectors import (
    attributes_on,
    efc_frame,
    nqc_frame,
    pmax_of,
    tac_areas,
    tac_of_local_area,
)
from apps.reliability.designations.selectors import (
    RmrSpan,
    cutoff_now,
    rmr_spans,
    with_flexible_capacity,
)

AREAS = tuple(sorted(TAC_CODES))
EVERY = "ALL"


class CreditsOnFile:
    """What credits of a period are checked against, read once for all of them.

    ``credits`` are the megawatts of each resource by (kind, category) as they would stand.
    """

    def __init__(self, period: str) -> None:
        self.span = span_of_period(period)
        self.months = sorted({d.replace(day=1) for d in self.span})
        self.areas = AREAS
        self.cutoff = cutoff_now()
        self.spans: dict[int, list[RmrSpan]] = {}
        for s in rmr_spans():
            self.spans.setdefault(s.resource_id, []).append(s)
        numbers = [m.month for m in self.months]
        of_months = pl.col("ra_month").is_in(numbers)
        nqc = nqc_frame(self.span.first.year).filter(of_months)
        efc = efc_frame(self.span.first.year).filter(of_months)
        self.nqc, self.nqc_months = _least(nqc, "nqc"), _months_held(nqc, "nqc")
        self.efc, self.efc_months = _least(efc, "efc"), _months_held(efc, "efc")
        self.categories: dict[int, set[int]] = {}
        for key, category in efc.select("resource_id", "category").drop_nulls().iter_rows():
            self.categories.setdefault(key, set()).add(category)
        self.attributes = attributes_on(self.span.first)
        self.pmax: dict[int, Decimal] = {}
        self.pmax_months: dict[int, set[int]] = {}
        for month in self.months:
            for key, mw in pmax_of(set(self.spans), month, FAR_MOMENT).items():
                self.pmax[key] = min(mw, self.pmax.get(key, mw))
                self.pmax_months.setdefault(key, set()).add(month.month)
        self.tac_of = tac_of_local_area()
        self.label_from = _label_from(self.span.first)
        self.flexible = with_flexible_capacity(self.span)
        self.credits: dict[int, dict[tuple[str, int], Decimal]] = {}
        for c in credits_for(process_of(period), self.span.first, FAR_MOMENT):
            self.count(c.resource_id, c.kind, c.category, c.mw)

    def count(self, key: int, kind: str, category: int | None, mw: Decimal) -> None:
        """Let a credit stand in the place of the one on file of its kind and category."""
        self.credits.setdefault(key, {})[kind, category or 0] = mw

    def facts(self, key: int, resource: str, kind: str, category: int | None) -> CreditFacts:
        """Return what is on file of a resource, with its other credits of the same limit."""
        held = self.spans.get(key, [])
        covered = [
            m for m in self.months if any(s.first <= m and last_of_month(m) <= s.last for s in held)
        ]
        vintage = label = None
        within = [s for s in held if s.first <= self.span.last and s.last >= self.span.first]
        if covered:
            effective = max(s.effective_date for s in within)
            vintage = rmr_vintage(effective_date=effective, cutoff=self.cutoff)
        if vintage is not None and self.label_from is not None:
            label = credit_label(vintage=vintage, month=self.months[0], label_from=self.label_from)
        limit = (self.efc if kind == "FLEX" else self.nqc).get(key)
        listed = self.efc_months if kind == "FLEX" else self.nqc_months
        kinds = {"FLEX"} if kind == "FLEX" else {"LOCAL", "SYSTEM"}
        others = [
            mw
            for place, mw in self.credits.get(key, {}).items()
            if place[0] in kinds and place != (kind, category or 0)
        ]
        designated = {s.need for s in within if s.designation is not None}
        return CreditFacts(
            resource,
            vintage,
            len(self.months),
            len(covered),
            self.local_tac(key),
            None if limit is None else MW.from_scaled(limit),
            frozenset(self.categories.get(key, ())),
            label,
            self.pmax.get(key),
            frozenset(designated or {s.need for s in within}),
            key in self.flexible,
            sum(others, Decimal(0)),
            self._months_without(listed.get(key)),
            self._months_without(self.pmax_months.get(key)),
        )

    def _months_without(self, held: set[int] | None) -> tuple[date, ...]:
        return tuple(m for m in self.months if m.month not in (held or ()))

    def local_tac(self, key: int) -> str:
        """Return the TAC area of a resource's local area; Master File first, then the contract."""
        on_file = self.attributes.get(key)
        named = [on_file.local or ""] if on_file else []
        named += [s.area for s in self.spans.get(key, []) if s.last >= self.span.first]
        return next((self.tac_of[a] for a in named if a in self.tac_of), "")

    def read_areas(self, key: int, row: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """Return the TAC areas of a row and what in it is none; blank follows the kind."""
        tac = self.local_tac(key)
        local = row["kind"] == "LOCAL" and tac
        return read_tac_areas(row["tac_areas"], self.areas, [tac] if local else None)


def _least(frame: pl.DataFrame, name: str) -> dict[int, int]:
    return dict(frame.group_by("resource_id").agg(pl.col(name).min()).iter_rows())


def _months_held(frame: pl.DataFrame, name: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for key, month in frame.drop_nulls(name).select("resource_id", "ra_month").iter_rows():
        found.setdefault(key, set()).add(month)
    return found


def _label_from(day: date) -> date | None:
    try:
        found: date = parameter_set(
            parameters=(LEGACY_LABEL_FROM,), span=Span.through(day, day), known_at=FAR_MOMENT
        ).at(LEGACY_LABEL_FROM, day)
    except ParameterMissing:
        return None
    return found


def judge(
    on_file: CreditsOnFile, key: int, row: Mapping[str, Any], process: str
) -> list[Violation]:
    """Return what is wrong with a credit of a known resource, with what its reason overrides."""
    areas, strange = on_file.read_areas(key, row)
    if strange:
        return [
            Violation(
                "CRD-AREA",
                f"There is no TAC area {shown(strange[0])}.{question(strange[0], tac_areas())}",
                column="TAC_AREAS",
                value=strange[0],
            )
        ]
    found = check_credit(
        process=process,
        kind=row["kind"],
        category=row["category"],
        label=row["label"],
        tac_areas=areas,
        all_areas=on_file.areas,
        mw=row["mw"],
        month=on_file.months[0],
        facts=on_file.facts(key, row["resource_id"], row["kind"], row["category"]),
    )
    return overridden(found, row.get("override_reason") or "")


def said_areas(areas: list[str]) -> str:
    """Return TAC areas as they are kept: ALL, or with semicolons between."""
    return EVERY if set(areas) == set(AREAS) else ";".join(areas)
