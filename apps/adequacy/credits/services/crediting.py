"""Let credits hold: from a file or from the desk, checked the same, by two people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.adequacy.credits.models import CreditProposal, RmrCredit
from apps.adequacy.credits.records import TAC_CODES
from apps.adequacy.credits.rules import (
    OVERRIDABLE,
    CreditFacts,
    check_credit,
    overridden,
    read_tac_areas,
)
from apps.adequacy.credits.selectors import credits_for, process_of
from apps.adequacy.credits.services.distributing import request_distribution
from apps.adequacy.credits.services.files import span_of_period
from apps.adequacy.credits.terms import CREDIT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.accounts.terms import APPROVERS
from apps.platform.audit.services import (
    MoveRefused,
    knowledge_moment,
    record,
    term_supersede,
    transition,
)
from apps.platform.kernel.effective import ParameterMissing
from apps.platform.kernel.findings import Finding, Refusal, Severity
from apps.platform.kernel.quantity import MW, plain
from apps.platform.kernel.tradetime import FAR_MOMENT, Span, last_of_month
from apps.platform.notices.services import holders, tell
from apps.platform.parameters.selectors import parameter_set
from apps.platform.uploads.terms import Storing
from apps.reference.resources.rules import LEGACY_LABEL_FROM, credit_label, rmr_vintage
from apps.reference.resources.selectors import (
    attributes_on,
    did_you_mean,
    efc_frame,
    nqc_frame,
    pmax_of,
    resource_ids,
    tac_of_local_area,
)
from apps.reference.resources.services import unknown_resources
from apps.reliability.designations.selectors import (
    RmrSpan,
    cutoff_now,
    rmr_spans,
    with_flexible_capacity,
)

AREAS = tuple(sorted(TAC_CODES))
EVERY = "ALL"
COLUMNS = {
    "RESOURCE_ID": "resource",
    "CREDIT_KIND": "kind",
    "FLEX_CATEGORY": "category",
    "TAC_AREAS": "tac_areas",
    "CREDIT_MW": "mw",
}


@dataclass(frozen=True)
class CreditWish:
    """A credit as typed; ``ra_month`` None: annual. The label follows from the contract."""

    resource: str
    kind: str
    mw: Decimal
    ra_year: int
    reference: str
    ra_month: int | None = None
    category: int | None = None
    tac_areas: str = ""
    override_reason: str = ""


class OnFile:
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
        self.nqc = _least(nqc_frame(self.span.first.year).filter(of_months), "nqc")
        efc = efc_frame(self.span.first.year).filter(of_months)
        self.efc = _least(efc, "efc")
        self.categories: dict[int, set[int]] = {}
        for key, category in efc.select("resource_id", "category").drop_nulls().iter_rows():
            self.categories.setdefault(key, set()).add(category)
        self.attributes = attributes_on(self.span.first)
        self.pmax: dict[int, Decimal] = {}
        for month in self.months:
            for key, mw in pmax_of(set(self.spans), month, FAR_MOMENT).items():
                self.pmax[key] = min(mw, self.pmax.get(key, mw))
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
        )

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


def _label_from(day: date) -> date | None:
    try:
        found: date = parameter_set(
            parameters=(LEGACY_LABEL_FROM,), span=Span.through(day, day), known_at=FAR_MOMENT
        ).at(LEGACY_LABEL_FROM, day)
    except ParameterMissing:
        return None
    return found


def judge(on_file: OnFile, key: int, row: Mapping[str, Any], process: str) -> list[Finding]:
    """Return what is wrong with a credit of a known resource, with what its reason overrides."""
    areas, strange = on_file.read_areas(key, row)
    if strange:
        return [
            Finding(
                "CRD-AREA",
                f"There is no TAC area {strange[0]}.",
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


def _rows(frame: pl.DataFrame) -> Any:
    for row in frame.iter_rows(named=True):
        month = row.get("ra_month")
        period = f"{row['ra_year']}-{month:02d}" if month else f"{row['ra_year']}"
        yield period, row | {"mw": MW.from_scaled(row["credit_mw"])}


def check_credits(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Finding]:
    """Check a file of credits row by row (BRQ-0114, BRQ-0116, BRQ-0117)."""
    keys = resource_ids(set(frame["resource_id"].to_list()))
    known: dict[str, OnFile] = {}
    found = unknown_resources(frame, "RESOURCE_ID", "CRD-RES")
    for period, row in _rows(frame):  # all rows first: they count beside one another
        if period not in known:
            known[period] = OnFile(period)
        key = keys.get(row["resource_id"])
        if key is not None:
            known[period].count(key, row["kind"], row["category"], row["mw"])
    for period, row in _rows(frame):
        key = keys.get(row["resource_id"])
        said = [] if key is None else judge(known[period], key, row, process_of(period))
        found += [
            Finding(f.code, f.message, row["line_no"], f.column, f.severity, f.value) for f in said
        ]
    return found


def _store(storing: Storing) -> None:
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    period = storing.version.period
    on_file = OnFile(period)
    for _, row in _rows(storing.frame):
        areas, _ = on_file.read_areas(keys[row["resource_id"]], row)
        term_supersede(
            model=RmrCredit,
            key={
                "process": process_of(period),
                "resource_id": keys[row["resource_id"]],
                "kind": row["kind"],
                "category": row["category"] or 0,
            },
            values={
                "label": row["label"],
                "mw": row["mw"],
                "tac_areas": said_areas(areas),
                "override_reason": row.get("override_reason") or "",
            },
            span=span_of_period(period),
            known_from=storing.version.known_from,
            reference=f"{storing.version}",
            proposed_by=storing.proposer,
            approved_by=storing.actor,
            provenance={"dataset_version": storing.version, "line_no": row["line_no"]},
        )


def said_areas(areas: list[str]) -> str:
    """Return TAC areas as they are kept: ALL, or with semicolons between."""
    return EVERY if set(areas) == set(AREAS) else ";".join(areas)


def store_annual(storing: Storing) -> None:
    """Let each annual credit of a file hold for its year."""
    _store(storing)


def store_monthly(storing: Storing) -> None:
    """Let each monthly credit of a file hold for its month."""
    _store(storing)


@transaction.atomic
def propose_credit(*, wish: CreditWish, actor: User, at: datetime) -> CreditProposal:
    """Propose a credit; raises Refusal with everything against it, warnings are kept."""
    if not actor.viewer().may(CREDIT_WRITERS):
        raise Refusal.because("CRD-ROLE", "Your roles do not allow you to propose credits.")
    period = f"{wish.ra_year}-{wish.ra_month:02d}" if wish.ra_month else f"{wish.ra_year}"
    key = resource_ids({wish.resource}).get(wish.resource)
    if key is None:
        raise Refusal.because(
            "CRD-RES",
            f"There is no resource {wish.resource}.{did_you_mean(wish.resource)}",
            "resource",
        )
    knowledge_moment(at=at)  # of two proposals at once the second counts the first
    on_file = OnFile(period)
    for other in _waiting(key, wish):
        on_file.count(key, other.kind, other.category, other.mw)
    label = on_file.facts(key, wish.resource, wish.kind, wish.category).label
    row = {
        "resource_id": wish.resource,
        "tac_areas": wish.tac_areas,
        "kind": wish.kind,
        "category": wish.category,
        "label": label.value if label else "RMR",
        "mw": wish.mw,
        "override_reason": wish.override_reason,
    }
    found = judge(on_file, key, row, process_of(period))
    wrong = [
        replace(f, column=COLUMNS.get(f.column, "")) for f in found if f.severity is Severity.ERROR
    ]
    if wrong:
        raise Refusal(wrong)
    areas, _ = on_file.read_areas(key, row)
    used = any(f.code in OVERRIDABLE for f in found)
    with pghistory.context(user=actor.pk):
        case = CreditProposal.objects.create(
            state=CreditProposal.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=key,
            process=process_of(period),
            kind=wish.kind,
            category=wish.category,
            label=row["label"],
            tac_areas=said_areas(areas),
            mw=wish.mw,
            ra_year=wish.ra_year,
            ra_month=wish.ra_month,
            reference=wish.reference.strip(),
            override_reason=wish.override_reason.strip() if used else "",
            remarks=[f.as_dict() for f in found],
        )
    sentence = f"{wish.kind} credit of {wish.resource} {period}: {plain(wish.mw)} MW"
    if case.override_reason:
        sentence += f"; overridden: {case.override_reason}"
    record(
        action="credits.creditproposal.opened", actor=actor, at=at, subject=case, sentence=sentence
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="credits",
        at=at,
        title=f"{sentence} waits"[:200],
        body=f"Proposed by {actor.username}.",
        address=reverse("credit-proposals-case", args=[case.pk]),
    )
    return case


def _waiting(key: int, wish: CreditWish) -> list[CreditProposal]:
    """Return what else waits for approval for the same resource and months."""
    rows = CreditProposal.objects.filter(
        state="PROPOSED", resource_id=key, ra_year=wish.ra_year, ra_month=wish.ra_month
    )
    return list(rows.exclude(kind=wish.kind, category=wish.category).order_by("pk"))


def _still_right(case: CreditProposal, period: str) -> None:
    """Refuse what no longer fits: what stands against a credit is what its approver read."""
    row = {
        "resource_id": case.resource.code,
        "tac_areas": case.tac_areas,
        "kind": case.kind,
        "category": case.category,
        "label": case.label,
        "mw": case.mw,
        "override_reason": case.override_reason,
    }
    found = judge(OnFile(period), case.resource_id, row, case.process)
    told = {r["message"] for r in case.remarks}
    new = [
        f
        for f in found
        if f.severity is Severity.ERROR or (f.code in OVERRIDABLE and f.message not in told)
    ]
    if new:
        said = " ".join(f"{f.code}: {f.message}" for f in new)
        raise MoveRefused(
            f"Since it was proposed more has come to stand against it. {said} "
            "Reject it and have it proposed again."
        )


@transaction.atomic
def credit_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> CreditProposal:
    """Let a credit hold for its months, and ask for the distribution it changes.

    Raises MoveRefused where other credits have come on file beside which it is too much.
    """
    moment = knowledge_moment(at=at)
    case = CreditProposal.objects.select_related("opened_by", "resource").get(pk=case_id)
    period = f"{case.ra_year}-{case.ra_month:02d}" if case.ra_month else f"{case.ra_year}"
    case = transition(
        case,
        action="approve",
        actor=actor,
        at=at,
        note=note or "approved",
        set_fields={"decided_by": actor},
    )
    _still_right(case, period)
    term_supersede(
        model=RmrCredit,
        key={
            "process": case.process,
            "resource_id": case.resource_id,
            "kind": case.kind,
            "category": case.category or 0,
        },
        values={
            "label": case.label,
            "mw": case.mw,
            "tac_areas": case.tac_areas,
            "override_reason": case.override_reason,
        },
        span=span_of_period(period),
        known_from=moment,
        reference=case.reference,
        proposed_by=case.opened_by,
        approved_by=actor,
    )
    request_distribution(period=period, actor=actor, at=at, reason=f"credit proposal no. {case.pk}")
    return case
