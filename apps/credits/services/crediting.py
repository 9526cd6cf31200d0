"""Let credits hold: from a file or from the desk, checked the same, by two people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
import polars as pl
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.terms import APPROVERS
from apps.audit.services import knowledge_moment, record, term_supersede, transition
from apps.credits.models import CreditProposal, RmrCredit
from apps.credits.records import TAC_CODES
from apps.credits.rules import CreditFacts, check_credit, read_tac_areas
from apps.credits.selectors import process_of
from apps.credits.services.distributing import request_distribution
from apps.credits.services.files import span_of_period
from apps.credits.terms import CREDIT_WRITERS
from apps.designations.selectors import cutoff_now, rmr_spans
from apps.kernel.effective import ParameterMissing
from apps.kernel.findings import Finding, Refusal, Severity
from apps.kernel.quantity import MW, plain
from apps.kernel.tradetime import FAR_MOMENT, Span, last_of_month
from apps.notices.services import holders, tell
from apps.parameters.selectors import parameter_set
from apps.resources.rules import LEGACY_LABEL_FROM, credit_label, rmr_vintage
from apps.resources.selectors import (
    attributes_on,
    did_you_mean,
    efc_frame,
    nqc_frame,
    resource_ids,
    tac_of_local_area,
)
from apps.resources.services import unknown_resources
from apps.uploads.terms import Storing

AREAS = tuple(sorted(TAC_CODES))
EVERY = "ALL"


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


class OnFile:
    """What credits of a period are checked against, read once for all of them."""

    def __init__(self, period: str) -> None:
        self.span = span_of_period(period)
        self.months = sorted({d.replace(day=1) for d in self.span})
        self.areas = AREAS
        self.cutoff = cutoff_now()
        self.spans: dict[int, list[tuple[date, date, date]]] = {}
        for s in rmr_spans():
            self.spans.setdefault(s.resource_id, []).append((s.first, s.last, s.effective_date))
        numbers = [m.month for m in self.months]
        of_months = pl.col("ra_month").is_in(numbers)
        self.nqc = _least(nqc_frame(self.span.first.year).filter(of_months), "nqc")
        efc = efc_frame(self.span.first.year).filter(of_months)
        self.efc = _least(efc, "efc")
        self.category = dict(efc.select("resource_id", "category").iter_rows())
        self.attributes = attributes_on(self.span.first)
        self.tac_of = tac_of_local_area()
        self.label_from = _label_from(self.span.first)

    def facts(self, key: int, kind: str) -> CreditFacts:
        """Return what is on file of a resource."""
        held = self.spans.get(key, [])
        covered = [
            m for m in self.months if any(a <= m and last_of_month(m) <= b for a, b, _ in held)
        ]
        vintage = None
        if covered:
            effective = max(e for a, b, e in held if a <= covered[-1] <= b)
            vintage = rmr_vintage(effective_date=effective, cutoff=self.cutoff)
        on_file = self.attributes.get(key)
        limit = (self.efc if kind == "FLEX" else self.nqc).get(key)
        label = None
        if vintage is not None and self.label_from is not None:
            label = credit_label(vintage=vintage, month=self.months[0], label_from=self.label_from)
        return CreditFacts(
            vintage, len(self.months), len(covered),
            self.tac_of.get(on_file.local or "", "") if on_file else "",
            None if limit is None else MW.from_scaled(limit), self.category.get(key), label,
        )  # fmt: skip


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
    """Return what is wrong with a credit of a known resource."""
    areas, strange = read_tac_areas(row["tac_areas"], on_file.areas)
    if strange:
        return [Finding("CRD-TAC", f"There is no TAC area {strange[0]}.", column="TAC_AREAS",
                        value=strange[0])]  # fmt: skip
    return check_credit(
        process=process, kind=row["kind"], category=row["category"], label=row["label"],
        tac_areas=areas, all_areas=on_file.areas, mw=row["mw"], month=on_file.months[0],
        facts=on_file.facts(key, row["kind"]),
    )  # fmt: skip


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
    for period, row in _rows(frame):
        if period not in known:
            known[period] = OnFile(period)
        key = keys.get(row["resource_id"])
        said = [] if key is None else judge(known[period], key, row, process_of(period))
        found += [
            Finding(f.code, f.message, row["line_no"], f.column, f.severity, f.value) for f in said
        ]
    return found


def _store(storing: Storing) -> None:
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    period = storing.version.period
    for _, row in _rows(storing.frame):
        areas, _ = read_tac_areas(row["tac_areas"], AREAS)
        term_supersede(
            model=RmrCredit,
            key={"process": process_of(period), "resource_id": keys[row["resource_id"]],
                 "kind": row["kind"], "category": row["category"] or 0},
            values={"label": row["label"], "mw": row["mw"], "tac_areas": said_areas(areas)},
            span=span_of_period(period), known_from=storing.version.known_from,
            reference=f"{storing.version}", proposed_by=storing.proposer,
            approved_by=storing.actor,
            provenance={"dataset_version": storing.version, "line_no": row["line_no"]},
        )  # fmt: skip


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
        raise Refusal.because("CRD-RES", f"There is no resource {wish.resource}."
                              f"{did_you_mean(wish.resource)}", "resource")  # fmt: skip
    on_file = OnFile(period)
    label = on_file.facts(key, wish.kind).label
    row = {"tac_areas": wish.tac_areas, "kind": wish.kind, "category": wish.category,
           "label": label.value if label else "RMR", "mw": wish.mw}  # fmt: skip
    columns = {"RESOURCE_ID": "resource", "CREDIT_KIND": "kind", "FLEX_CATEGORY": "category",
               "TAC_AREAS": "tac_areas", "CREDIT_MW": "mw"}  # fmt: skip
    found = [
        Finding(f.code, f.message, column=columns.get(f.column, ""), severity=f.severity)
        for f in judge(on_file, key, row, process_of(period))
    ]
    wrong = [f for f in found if f.severity is Severity.ERROR]
    if wrong:
        raise Refusal(wrong)
    areas, _ = read_tac_areas(wish.tac_areas, AREAS)
    with pghistory.context(user=actor.pk):
        case = CreditProposal.objects.create(
            state=CreditProposal.STATES.initial, opened_by=actor, opened_at=at, resource_id=key,
            process=process_of(period), kind=wish.kind, category=wish.category,
            label=row["label"], tac_areas=said_areas(areas), mw=wish.mw, ra_year=wish.ra_year,
            ra_month=wish.ra_month, reference=wish.reference.strip(),
            remarks=[f.as_dict() for f in found],
        )  # fmt: skip
    sentence = f"{wish.kind} credit of {wish.resource} {period}: {plain(wish.mw)} MW"
    record(action="credits.creditproposal.opened", actor=actor, at=at, subject=case,
           sentence=sentence)  # fmt: skip
    tell(
        holders(APPROVERS, but=actor), topic="credits", at=at, title=f"{sentence} waits",
        body=f"Proposed by {actor.username}.", address=f"/credit-proposals/{case.pk}/",
    )  # fmt: skip
    return case


@transaction.atomic
def credit_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> CreditProposal:
    """Let a credit hold for its months, and ask for the distribution it changes."""
    case = transition(
        CreditProposal.objects.select_related("opened_by").get(pk=case_id), action="approve",
        actor=actor, at=at, note=note or "approved", set_fields={"decided_by": actor},
    )  # fmt: skip
    period = f"{case.ra_year}-{case.ra_month:02d}" if case.ra_month else f"{case.ra_year}"
    term_supersede(
        model=RmrCredit,
        key={"process": case.process, "resource_id": case.resource_id, "kind": case.kind,
             "category": case.category or 0},
        values={"label": case.label, "mw": case.mw, "tac_areas": case.tac_areas},
        span=span_of_period(period), known_from=knowledge_moment(at=at),
        reference=case.reference, proposed_by=case.opened_by, approved_by=actor,
    )  # fmt: skip
    request_distribution(period=period, actor=actor, at=at, reason=f"credit proposal no. {case.pk}")
    return case
