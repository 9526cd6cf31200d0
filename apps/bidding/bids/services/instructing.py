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

from apps.bidding.bids.codes import BIDDERS, INSTRUCTORS
from apps.bidding.bids.models import CertifiedService, Instruction, UseLimit, UseReading
from apps.platform.accounts.models import User
from apps.platform.audit.services import copy_rows, log_event, transition
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import people_of, tell
from apps.platform.uploads.hooks import Storing
from apps.reference.outages.services import OutageInput, file_outage
from apps.reference.resources.selectors import did_you_mean, resource_facts, resource_ids
from apps.reference.resources.services import unknown_resources
from apps.reliability.designations.selectors import vintages_on


@dataclass(frozen=True)
class InstructionInput:
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
def instruct_card(*, given: InstructionInput, actor: User, at: datetime) -> Instruction:
    """Instruct the SC of an RMR resource to file an outage card; its people are told."""
    if not actor.viewer().may(INSTRUCTORS):
        raise ValidationFailed.because(
            "USE-ROLE", "Your roles do not allow you to instruct outage cards."
        )
    day = given.starts_at.astimezone(PACIFIC).date()
    if not is_plausible(day) or given.ends_at <= given.starts_at:
        raise ValidationFailed.because(
            "USE-DATE", "The outage must end after it begins.", "ends_at"
        )
    facts = resource_facts(code=given.resource, days=(day,), known_at=FAR_MOMENT)
    found = []
    if facts.resource_id is None or facts.resource_id not in vintages_on(day, FAR_MOMENT):
        found.append(
            Violation(
                "USE-RES",
                f"{given.resource} is under no RMR contract on "
                f"{day}.{did_you_mean(given.resource)}",
                column="resource",
            )
        )
    elif not 0 < given.curtailed_mw <= (facts.pmax_mw or given.curtailed_mw):
        found.append(
            Violation(
                "USE-MW", "The curtailment lies above 0 and up to Pmax.", column="curtailed_mw"
            )
        )
    if found or facts.resource_id is None:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        case = Instruction.objects.create(
            state=Instruction.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=facts.resource_id,
            limit_type=given.limit_type,
            nature=given.nature,
            curtailed_mw=given.curtailed_mw,
            starts_at=given.starts_at,
            ends_at=given.ends_at,
            reason=seen_text(given.reason),
        )
    log_event(
        action="bids.instruction.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{given.resource}: card of {plain(given.curtailed_mw)} MW instructed, "
        f"{given.limit_type}: {given.reason}",
    )
    tell(
        people_of(facts.sc_id, BIDDERS),
        topic="bids",
        at=at,
        title=f"File an outage card of {given.resource}",
        body=f"{plain(given.curtailed_mw)} MW to preserve {given.limit_type}: {given.reason}",
        address=reverse("use-limit-instructions-case", args=[case.pk]),
    )
    return case


@transaction.atomic
def instruction_card(*, case_id: int, actor: User, at: datetime, note: str = "") -> Instruction:
    """File the instructed outage card; the instruction then names it."""
    case = Instruction.objects.select_related("resource").get(pk=case_id)
    card = file_outage(
        given=OutageInput(
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


def check_known(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check that resources are known, and that limits end after they begin."""
    found = unknown_resources(frame, "RESOURCE_ID", "USE-RES")
    if "last_date" in frame.columns:
        wrong = frame.filter(pl.col("last_date") < pl.col("first_date"))["line_no"]
        found += [Violation("USE-DATE", "TO lies before FROM.", n, "TO") for n in wrong]
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
