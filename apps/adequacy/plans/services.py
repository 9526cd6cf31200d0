"""File plans: every row read and checked, then all of it accepted or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pghistory
import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.adequacy.plans.models import PlanContent, PlanFiling, PlanRow
from apps.adequacy.plans.records import layout_of
from apps.adequacy.plans.rules import (
    PLAN_DUE_DAYS,
    period_days,
    plan_frame,
    plan_shape,
    refuse_rmr,
    too_much,
)
from apps.adequacy.plans.terms import FILERS, PLAN_TYPES
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import sc_ids, system_user
from apps.platform.accounts.services import over_the_wall
from apps.platform.audit.services import MoveRefused, copy_rows, record, transition
from apps.platform.kernel.effective import ParameterMissing
from apps.platform.kernel.findings import Finding, Refusal, Severity
from apps.platform.kernel.rulebook import implements
from apps.platform.kernel.tradetime import FAR_MOMENT, PACIFIC, Span
from apps.platform.kernel.words import counted
from apps.platform.notices.services import people_of, tell
from apps.platform.parameters.selectors import parameter_set
from apps.platform.uploads.services import file_bytes, file_words, typed_rows
from apps.reference.resources.selectors import (
    efc_frame,
    known_ids,
    nqc_frame,
    resource_ids,
    scs_over,
)
from apps.reference.resources.services import unknown_resources
from apps.reliability.designations.selectors import rmr_spans

MOST_FINDINGS = 500


@dataclass(frozen=True)
class PlanWish:
    """What a plan file is; ``sc`` is named by the ISO only, who files on an SC's behalf."""

    plan_type: str
    part: str
    horizon: str
    period: str
    sc: str = ""


@implements("BRQ-0119", source="BRS 1.2 section 6.2.1")
@transaction.atomic
def file_plan(*, wish: PlanWish, actor: User, at: datetime, file: Any) -> PlanFiling:
    """Accept a plan file whole, or refuse it whole with every finding by row; it is kept.

    An accepted plan supersedes the SC's earlier one of the same type, part and period.
    """
    viewer = actor.viewer()
    if not viewer.may(FILERS):
        raise Refusal.because("PLAN-ROLE", "Your roles do not allow you to file plans.")
    span = period_days(wish.horizon, wish.period)
    if span is None:
        raise Refusal.because(
            "PLAN-PERIOD",
            "Write the period as 2024 for an annual plan and as 2024-09 for a monthly one.",
            "period",
        )
    code, party = _filer(wish, actor)
    content = file_bytes(file)
    with pghistory.context(user=actor.pk):
        case = PlanFiling.objects.create(
            state=PlanFiling.STATES.initial,
            opened_by=actor,
            opened_at=at,
            sc_id=party,
            plan_type=wish.plan_type,
            part=wish.part,
            horizon=wish.horizon,
            period=wish.period,
            first_date=span.first,
            last_date=span.last,
            **file_words(file, content),
        )
    PlanContent.objects.create(filing=case, content=content)
    frame, findings = typed_rows(content, layout_of(wish.plan_type, wish.part))
    wrong = {f.line for f in findings if f.severity is Severity.ERROR}
    sound = frame.filter(~pl.col("line_no").is_in(list(wrong))) if 0 not in wrong else frame.head(0)
    rows = plan_frame(sound, wish.plan_type, wish.part, code)
    with over_the_wall("a plan is checked against contracts and capacity of any resource"):
        findings += check_rows(rows, wish, span, code)
    findings += _late(wish, span, at)
    if rows.is_empty() and not wrong:
        findings.append(Finding("PLAN-EMPTY", "The file holds no row of this part."))
    refused = any(f.severity is Severity.ERROR for f in findings)
    listed = sorted(findings, key=lambda f: (f.severity is not Severity.ERROR, f.line))
    if not refused:
        with over_the_wall(
            "the filer's own rows are written by COPY, which the wall has no way for"
        ):
            _keep(case, rows)
    record(
        action="plans.planfiling.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{PLAN_TYPES[wish.plan_type]} {wish.part} {wish.period} of {code}: "
        f"{frame.height} rows, {'refused' if refused else 'accepted'}",
    )
    return _decide(case, frame.height, listed, refused, at)


def _filer(wish: PlanWish, actor: User) -> tuple[str, int]:
    viewer = actor.viewer()
    if not viewer.is_iso:
        assert actor.party is not None
        return actor.party.code, actor.party.pk
    found = sc_ids(codes={wish.sc})
    if wish.sc not in found:
        raise Refusal.because("PLAN-SC", "Name the SC the plan is of.", "sc")
    return wish.sc, found[wish.sc]


def check_rows(rows: pl.DataFrame, wish: PlanWish, span: Span, code: str) -> list[Finding]:
    """Return what is wrong with rows of the right shape."""
    if rows.is_empty():
        return []
    found = plan_shape(rows, span, wish.part)
    unknown = unknown_resources(rows, "Resource ID", "PLAN-RES")
    found += unknown
    known = rows.filter(~pl.col("line_no").is_in([f.line for f in unknown]))
    if known.is_empty():
        return found
    keys = resource_ids(set(known["resource_id"].unique().to_list()))
    names = {key: name for name, key in keys.items()}
    found += refuse_rmr(known, _rmr(set(keys)))
    if wish.plan_type == "SUPPLY_PLAN":
        found += _suppliers(known, keys, span, code)
        found += too_much(known, _limits(known, names, span, wish.part), wish.part)
        lses = set(sc_ids())
        strange = known.filter(~pl.col("lse").is_in(list(lses)))
        found += [
            Finding("PLAN-LSE", f"There is no LSE {lse}.", line, "LSE SCID", value=lse)
            for line, lse in strange.select("line_no", "lse").iter_rows()
        ]
    return found


def _rmr(names: set[str]) -> pl.DataFrame:
    """Return what is RMR when under the IDs of a plan, whichever way the RMR's ID is written."""
    known = known_ids()
    meant: dict[str, list[str]] = {}
    for name in sorted(names):
        for alike in known.written_alike(name):
            meant.setdefault(alike, []).append(name)
    codes = {key: code for code, key in resource_ids(set(meant)).items()}
    spans = [
        (name, s.first, s.last, s.words)
        for s in rmr_spans(set(codes))
        for name in meant[codes[s.resource_id]]
    ]
    schema = {"resource_id": pl.String, "from": pl.Date, "to": pl.Date, "words": pl.String}
    return pl.DataFrame(spans, schema=schema, orient="row")


def _suppliers(rows: pl.DataFrame, keys: dict[str, int], span: Span, code: str) -> list[Finding]:
    found = [
        Finding(
            "PLAN-SC",
            f"The supplier of a row is the filer, {code}.",
            line,
            "Supplier SCID",
            value=scid,
        )
        for line, scid in rows.filter(pl.col("scid") != code).select("line_no", "scid").iter_rows()
    ]
    owned = scs_over(set(keys.values()), span)
    for line, name, day in rows.select("line_no", "resource_id", "first_date").iter_rows():
        if not any(sc == code and day in held for sc, held in owned.get(keys[name], ())):
            found.append(
                Finding(
                    "PLAN-RES",
                    f"{name} is no resource of {code} on {day}.",
                    line,
                    "Resource ID",
                    value=name,
                )
            )
    return found


def _limits(rows: pl.DataFrame, names: dict[int, str], span: Span, part: str) -> pl.DataFrame:
    """Return NQC or EFC of each resource by the first day of the months of a period."""
    year = span.first.year
    if part == "FLEX":
        frame = efc_frame(year).rename({"efc": "limit"})
    else:
        frame = (
            nqc_frame(year)
            .rename({"nqc": "limit"})
            .with_columns(category=pl.lit(None, dtype=pl.Int64))
        )
    months = sorted({d.replace(day=1) for d in span})
    named = frame.filter(pl.col("resource_id").is_in(list(names))).select(
        pl.col("resource_id").replace_strict(names, return_dtype=pl.String),
        pl.date(year, pl.col("ra_month"), 1).alias("ra_month"),
        "limit",
        "category",
    )
    every = (
        rows.select("resource_id")
        .unique()
        .join(pl.DataFrame({"ra_month": months}, schema={"ra_month": pl.Date}), how="cross")
    )
    return every.join(named, on=["resource_id", "ra_month"], how="left")


def _late(wish: PlanWish, span: Span, at: datetime) -> list[Finding]:
    if wish.horizon != "MONTHLY":
        return []
    try:
        days = parameter_set(
            parameters=(PLAN_DUE_DAYS,),
            span=Span.through(span.first, span.first),
            known_at=FAR_MOMENT,
        ).at(PLAN_DUE_DAYS, span.first)
    except ParameterMissing:
        return []
    due: date = span.first - timedelta(days=days)
    if at.astimezone(PACIFIC).date() <= due:
        return []
    return [Finding("PLAN-W-LATE", f"The plan was due on {due}.", severity=Severity.WARNING)]


def _keep(case: PlanFiling, rows: pl.DataFrame) -> None:
    keys = resource_ids(set(rows["resource_id"].to_list()))
    frame = rows.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        filing_id=pl.lit(case.pk),
    )
    copy_rows(
        PlanRow,
        frame.select(
            "filing_id",
            "line_no",
            "resource_id",
            "scid",
            "lse",
            "local_mw",
            "system_mw",
            "mw",
            "category",
            "first_date",
            "last_date",
        ),
    )


def _decide(
    case: PlanFiling, height: int, findings: list[Finding], refused: bool, at: datetime
) -> PlanFiling:
    fields: dict[str, Any] = {
        "row_count": height,
        "findings": [f.as_dict() for f in findings[:MOST_FINDINGS]],
    }
    with over_the_wall("a party's plan is decided in the system's name"):
        if refused:
            note = f"{case.file_name} refused: {counted(len(findings), 'finding')}"
            return transition(
                case, action="refuse", actor=system_user(), at=at, note=note, set_fields=fields
            )
        same = PlanFiling.objects.filter(
            sc_id=case.sc_id, plan_type=case.plan_type, part=case.part, period=case.period
        )
        for earlier in same.filter(state="ACCEPTED"):
            transition(
                earlier,
                action="supersede",
                actor=system_user(),
                at=at,
                note=f"superseded by no. {case.pk}",
                set_fields={"ended_at": at},
            )
        version = same.exclude(version=None).count() + 1
        done = transition(
            case,
            action="accept",
            actor=system_user(),
            at=at,
            note=f"{case.file_name} accepted",
            set_fields=fields | {"version": version, "accepted_at": at},
        )
    tell(
        people_of(case.sc_id, FILERS),
        topic="plans",
        at=at,
        address=reverse("plans-case", args=[case.pk]),
        title=f"{PLAN_TYPES[case.plan_type]} {case.period} is accepted, version {version}",
    )
    return done


@transaction.atomic
def withdraw_plan(*, case_id: int, actor: User, at: datetime, note: str = "") -> PlanFiling:
    """Take a plan back; no earlier one comes to hold again."""
    case = PlanFiling.objects.get(pk=case_id)
    if case.state != "ACCEPTED":
        raise MoveRefused(f"A plan that is {case.state} cannot be withdrawn.")
    return transition(
        case, action="withdraw", actor=actor, at=at, note=note, set_fields={"ended_at": at}
    )
