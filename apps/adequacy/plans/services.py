"""File plans: every row read and checked, then all of it accepted or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pghistory
import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.adequacy.plans.codes import FILERS, PLAN_TYPES
from apps.adequacy.plans.layouts import layout_of
from apps.adequacy.plans.models import PlanContent, PlanFiling, PlanRow
from apps.adequacy.plans.rules import (
    PLAN_DUE_DAYS,
    period_days,
    plan_frame,
    plan_shape,
    refuse_rmr,
    shown_nowhere,
    too_much,
)
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import sc_ids, system_user
from apps.platform.accounts.services import bypass_rls
from apps.platform.audit.services import MoveRefused, copy_rows, log_event, transition
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, Span
from apps.platform.core.violations import Severity, ValidationFailed, Violation
from apps.platform.core.words import counted
from apps.platform.notifications.services import people_of, tell
from apps.platform.parameters.selectors import parameter_set
from apps.platform.uploads.services import file_bytes, file_words, typed_rows
from apps.reference.resources.selectors import (
    efc_frame,
    known_ids,
    nqc_frame,
    resource_ids,
    scs_over,
)
from apps.reference.resources.services import unknown_codes, unknown_resources
from apps.reliability.designations.selectors import rmr_spans

MOST_VIOLATIONS = 500


@dataclass(frozen=True)
class PlanInput:
    """What a plan file is; ``sc`` is named by the ISO only, who files on an SC's behalf."""

    plan_type: str
    part: str
    horizon: str
    period: str
    sc: str = ""


@implements("BRQ-0119", source="BRS 1.2 section 6.2.1")
@transaction.atomic
def file_plan(*, given: PlanInput, actor: User, at: datetime, file: Any) -> PlanFiling:
    """Accept a plan file whole, or refuse it whole with every violation by row; it is kept.

    An accepted plan supersedes the SC's earlier one of the same type, part and period.
    """
    viewer = actor.viewer()
    if not viewer.may(FILERS):
        raise ValidationFailed.because("PLAN-ROLE", "Your roles do not allow you to file plans.")
    span = period_days(given.horizon, given.period)
    if span is None:
        raise ValidationFailed.because(
            "PLAN-PERIOD",
            "Write the period as 2024 for an annual plan and as 2024-09 for a monthly one.",
            "period",
        )
    code, party = _filer(given, actor)
    content = file_bytes(file)
    with pghistory.context(user=actor.pk):
        case = PlanFiling.objects.create(
            state=PlanFiling.STATES.initial,
            opened_by=actor,
            opened_at=at,
            sc_id=party,
            plan_type=given.plan_type,
            part=given.part,
            horizon=given.horizon,
            period=given.period,
            first_date=span.first,
            last_date=span.last,
            **file_words(file, content),
        )
    PlanContent.objects.create(filing=case, content=content)
    frame, violations = typed_rows(content, layout_of(given.plan_type, given.part))
    wrong = {f.line for f in violations if f.severity is Severity.ERROR}
    sound = frame.filter(~pl.col("line_no").is_in(list(wrong))) if 0 not in wrong else frame.head(0)
    rows = plan_frame(sound, given.plan_type, given.part, code)
    violations += shown_nowhere(sound, given.plan_type)
    with bypass_rls("a plan is checked against contracts and capacity of any resource"):
        violations += check_rows(rows, given, span, code)
    violations += _late(given, span, at)
    if rows.is_empty() and not wrong:
        violations.append(Violation("PLAN-EMPTY", "The file holds no row of this part."))
    refused = any(f.severity is Severity.ERROR for f in violations)
    listed = sorted(violations, key=lambda f: (f.severity is not Severity.ERROR, f.line))
    if not refused:
        with bypass_rls(
            "the filer's own rows are written by COPY, which row policies do not let through"
        ):
            _keep(case, rows)
    log_event(
        action="plans.planfiling.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{PLAN_TYPES[given.plan_type]} {given.part} {given.period} of {code}: "
        f"{counted(frame.height, 'row')}, {'refused' if refused else 'accepted'}",
    )
    return _decide(case, frame.height, listed, refused, at)


def _filer(given: PlanInput, actor: User) -> tuple[str, int]:
    viewer = actor.viewer()
    if not viewer.is_iso:
        assert actor.party is not None
        return actor.party.code, actor.party.pk
    found = sc_ids(codes={given.sc})
    if given.sc not in found:
        raise ValidationFailed.because("PLAN-SC", "Name the SC the plan is of.", "sc")
    return given.sc, found[given.sc]


def check_rows(rows: pl.DataFrame, given: PlanInput, span: Span, code: str) -> list[Violation]:
    """Return what is wrong with rows of the right shape."""
    if rows.is_empty():
        return []
    found = plan_shape(rows, span, given.part)
    unknown = unknown_resources(rows, "Resource ID", "PLAN-RES")
    found += unknown
    known = rows.filter(~pl.col("line_no").is_in([f.line for f in unknown]))
    if known.is_empty():
        return found
    keys = resource_ids(set(known["resource_id"].unique().to_list()))
    names = {key: name for name, key in keys.items()}
    found += refuse_rmr(known, _rmr(set(keys)))
    if given.plan_type == "SUPPLY_PLAN":
        found += _suppliers(known, keys, span, code)
        found += too_much(known, _limits(known, names, span, given.part), given.part)
        found += unknown_codes(known, "lse", "LSE SCID", sc_ids(), "PLAN-LSE", "LSE")
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


def _suppliers(rows: pl.DataFrame, keys: dict[str, int], span: Span, code: str) -> list[Violation]:
    found = [
        Violation(
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
                Violation(
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


def _late(given: PlanInput, span: Span, at: datetime) -> list[Violation]:
    if given.horizon != "MONTHLY":
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
    return [Violation("PLAN-W-LATE", f"The plan was due on {due}.", severity=Severity.WARNING)]


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
    case: PlanFiling, height: int, violations: list[Violation], refused: bool, at: datetime
) -> PlanFiling:
    fields: dict[str, Any] = {
        "row_count": height,
        "violations": [f.as_dict() for f in violations[:MOST_VIOLATIONS]],
    }
    with bypass_rls("a party's plan is decided in the system's name"):
        if refused:
            note = f"{case.file_name} refused: {counted(len(violations), 'violation')}"
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
