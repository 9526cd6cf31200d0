"""Exceptional dispatch, and schedules with their RMR flag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.adequacy.plans.selectors import capacity_on
from apps.bidding.market_payloads.codes import DISPATCHERS
from apps.bidding.market_payloads.models import Dispatch, ExceptionalDispatch
from apps.bidding.market_payloads.rules import cpm_alert, dispatch_flag, instruction_violation
from apps.platform.accounts.models import User
from apps.platform.audit.services import copy_rows, log_event, transition
from apps.platform.core.quantity import MW, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, TradeDay, is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import holders, tell
from apps.platform.uploads.hooks import Storing
from apps.reference.market.rules import check_numbering, repeated_hours
from apps.reference.resources.selectors import did_you_mean, resource_facts, resource_ids
from apps.reference.resources.services import unknown_resources
from apps.reliability.designations.selectors import rmr_on, vintages_on


@dataclass(frozen=True)
class DispatchInput:
    """An exceptional dispatch as typed; ``ra_or_cpm``: RA or CPM that is not on file here."""

    resource: str
    instruction: str
    market: str
    mw: Decimal
    starts_at: datetime
    reason: str
    ends_at: datetime | None = None
    ra_or_cpm: bool = False


@implements("BRQ-0720", "BRQ-0740", "BRQ-0750", source="BRS 1.2 section 6.3.3")
@transaction.atomic
def issue_dispatch(*, given: DispatchInput, actor: User, at: datetime) -> ExceptionalDispatch:
    """Log an exceptional dispatch; the instruction type must fit the vintage."""
    if not actor.viewer().may(DISPATCHERS):
        raise ValidationFailed.because("ED-ROLE", "Your roles do not allow you to dispatch.")
    day = given.starts_at.astimezone(PACIFIC).date()
    if not is_plausible(day):
        raise ValidationFailed.because(
            "ED-DATE", "The date must lie between 1800 and 2199.", "starts_at"
        )
    facts = resource_facts(code=given.resource, days=(day,), known_at=FAR_MOMENT)
    if facts.resource_id is None:
        raise ValidationFailed.because(
            "ED-RES",
            f"There is no resource {given.resource}.{did_you_mean(given.resource)}",
            "resource",
        )
    held = vintages_on(day, FAR_MOMENT).get(facts.resource_id)
    vintage = held[0] if held else None
    found = []
    trouble = instruction_violation(vintage=vintage, instruction=given.instruction)
    found += [trouble] if trouble else []
    if given.ends_at is not None and given.ends_at <= given.starts_at:
        found.append(Violation("ED-ORDER", "It ends before it begins.", column="ends_at"))
    if facts.pmax_mw is not None and given.mw > facts.pmax_mw:
        found.append(
            Violation("ED-PMAX", f"More than Pmax, {plain(facts.pmax_mw)} MW.", column="mw")
        )
    if found:
        raise ValidationFailed(found)
    column = capacity_on(day, resource_ids={facts.resource_id})
    designated = held is None and facts.resource_id in rmr_on(day)
    shown = designated or any(h.source in ("RA", "CPM") for h in column)
    alert = cpm_alert(vintage=vintage, has_ra_or_cpm=given.ra_or_cpm or shown)
    with pghistory.context(user=actor.pk):
        case = ExceptionalDispatch.objects.create(
            state=ExceptionalDispatch.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=facts.resource_id,
            vintage=vintage or "",
            instruction=given.instruction,
            market=given.market,
            mw=given.mw,
            starts_at=given.starts_at,
            ends_at=given.ends_at,
            reason=seen_text(given.reason),
            cpm_alert=alert,
        )
    log_event(
        action="market_payloads.exceptionaldispatch.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{given.resource} to {plain(given.mw)} MW, {given.instruction}: {given.reason}"
        + ("; CPM alert" if alert else ""),
    )
    if alert:
        tell(
            holders(DISPATCHERS, but=actor),
            topic="market-view",
            at=at,
            title=f"CPM alert: {given.resource} is dispatched without RA or CPM",
            address=reverse("exceptional-dispatches-case", args=[case.pk]),
        )
    return case


def check_dispatch(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check that resources are known and hours exist."""
    found = unknown_resources(frame, "RESOURCE_ID", "ED-RES")
    for line, day, hour in frame.select("line_no", "trade_date", "hour_ending").iter_rows():
        if day is not None and hour is not None and hour not in TradeDay(day).hours:
            found.append(
                Violation(
                    "ED-HOUR",
                    f"{day} has trade hours 1 to {TradeDay(day).hour_count}.",
                    line,
                    "HOUR_ENDING",
                )
            )
    return found + (check_numbering(frame, options) or repeated_hours(frame))


def store_dispatch(storing: Storing) -> None:
    """Keep schedules and dispatch of a day with the flag of each interval."""
    day = date.fromisoformat(storing.version.period)
    held = vintages_on(day, FAR_MOMENT)
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    words: dict[str, list[object]] = {"vintage": [], "rmr_flag": [], "incremental_mw": []}
    for row in storing.frame.iter_rows(named=True):
        vintage = held.get(keys[row["resource_id"]], ("", None))[0]
        flag = dispatch_flag(
            vintage=vintage,
            day_ahead_mw=MW.from_scaled(row["day_ahead_mw"]),
            real_time_mw=MW.from_scaled(row["real_time_mw"]),
        )
        words["vintage"].append(vintage)
        words["rmr_flag"].append(flag)
        words["incremental_mw"].append(max(row["real_time_mw"] - row["day_ahead_mw"], 0))
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
        *(pl.Series(n, v) for n, v in words.items()),
    )
    copy_rows(Dispatch, frame)


def cancel_dispatch(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> ExceptionalDispatch:
    """Cancel an instruction."""
    case = ExceptionalDispatch.objects.get(pk=case_id)
    return transition(case, action="cancel", actor=actor, at=at, note=note)
