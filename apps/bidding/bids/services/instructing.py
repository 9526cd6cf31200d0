"""Use limits: what is used, and the ISO's instruction of an outage card (BRQ-0530)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pghistory
import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.bidding.bids.models import CertifiedService, Instruction, UseLimit, UseReading
from apps.bidding.bids.terms import BIDDERS, INSTRUCTORS
from apps.platform.accounts.models import User
from apps.platform.audit.services import copy_rows, record, transition
from apps.platform.kernel.findings import Finding, Refusal
from apps.platform.kernel.quantity import plain
from apps.platform.kernel.rulebook import implements
from apps.platform.kernel.tradetime import FAR_MOMENT, PACIFIC, is_plausible
from apps.platform.notices.services import people_of, tell
from apps.platform.uploads.hooks import Storing
from apps.reference.outages.services import OutageWish, file_outage
from apps.reference.resources.selectors import did_you_mean, resource_facts, resource_ids
from apps.reference.resources.services import unknown_resources
from apps.reliability.designations.selectors import vintages_on


@dataclass(frozen=True)
class InstructionWish:
    """An instruction as typed."""

    resource: str
    limit_type: str
    nature: str
    curtailed_mw: Decimal
    starts_at: datetime
    ends_at: datetime
    reason: str


@implements("BRQ-0530", source="BRS 1.2 section 6.3.1")
@transaction.atomic
def instruct_card(*, wish: InstructionWish, actor: User, at: datetime) -> Instruction:
    """Instruct the SC of an RMR resource to file an outage card; its people are told."""
    if not actor.viewer().may(INSTRUCTORS):
        raise Refusal.because("USE-ROLE", "Your roles do not allow you to instruct outage cards.")
    day = wish.starts_at.astimezone(PACIFIC).date()
    if not is_plausible(day) or wish.ends_at <= wish.starts_at:
        raise Refusal.because("USE-DATE", "The outage must end after it begins.", "ends_at")
    facts = resource_facts(code=wish.resource, days=(day,), known_at=FAR_MOMENT)
    found = []
    if facts.resource_id is None or facts.resource_id not in vintages_on(day, FAR_MOMENT):
        found.append(
            Finding(
                "USE-RES",
                f"{wish.resource} is under no RMR contract on {day}.{did_you_mean(wish.resource)}",
                column="resource",
            )
        )
    elif not 0 < wish.curtailed_mw <= (facts.pmax_mw or wish.curtailed_mw):
        found.append(
            Finding("USE-MW", "The curtailment lies above 0 and up to Pmax.", column="curtailed_mw")
        )
    if found or facts.resource_id is None:
        raise Refusal(found)
    with pghistory.context(user=actor.pk):
        case = Instruction.objects.create(
            state=Instruction.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=facts.resource_id,
            limit_type=wish.limit_type,
            nature=wish.nature,
            curtailed_mw=wish.curtailed_mw,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            reason=wish.reason.strip(),
        )
    record(
        action="bids.instruction.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{wish.resource}: card of {plain(wish.curtailed_mw)} MW instructed, "
        f"{wish.limit_type}: {wish.reason}",
    )
    tell(
        people_of(facts.sc_id, BIDDERS),
        topic="bids",
        at=at,
        title=f"File an outage card of {wish.resource}",
        body=f"{plain(wish.curtailed_mw)} MW to preserve {wish.limit_type}: {wish.reason}",
        address=reverse("use-limit-instructions-case", args=[case.pk]),
    )
    return case


@transaction.atomic
def instruction_card(*, case_id: int, actor: User, at: datetime, note: str = "") -> Instruction:
    """File the instructed outage card; the instruction then names it."""
    case = Instruction.objects.select_related("resource").get(pk=case_id)
    card = file_outage(
        wish=OutageWish(
            resource=case.resource.code,
            outage_type="FORCED",
            nature=case.nature,
            curtailed_mw=case.curtailed_mw,
            starts_at=case.starts_at,
            ends_at=case.ends_at,
            reason=f"Instruction no. {case.pk}: {case.reason}"[:300],
        ),
        actor=actor,
        at=at,
    )
    return transition(case, action="card", actor=actor, at=at, note=note, set_fields={"card": card})


Options = Mapping[str, str]


def check_known(frame: pl.DataFrame, options: Options) -> list[Finding]:
    """Check that resources are known, and that limits end after they begin."""
    found = unknown_resources(frame, "RESOURCE_ID", "USE-RES")
    if "last_date" in frame.columns:
        wrong = frame.filter(pl.col("last_date") < pl.col("first_date"))["line_no"]
        found += [Finding("USE-DATE", "TO lies before FROM.", n, "TO") for n in wrong]
    return found


def _keyed(storing: Storing) -> pl.DataFrame:
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    return storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
    )


def store_services(storing: Storing) -> None:
    """Keep certified services."""
    copy_rows(CertifiedService, _keyed(storing).rename({"effective": "effective_date"}))


def store_limits(storing: Storing) -> None:
    """Keep use limits."""
    copy_rows(UseLimit, _keyed(storing))


def store_use(storing: Storing) -> None:
    """Keep what was used."""
    copy_rows(UseReading, _keyed(storing))


def instruction_withdraw(*, case_id: int, actor: User, at: datetime, note: str = "") -> Instruction:
    """Take an instruction back before its card is filed."""
    return transition(
        Instruction.objects.get(pk=case_id), action="withdraw", actor=actor, at=at, note=note
    )
