"""What a trade date lacks before it is settled whole, check by check, and how to make it good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.platform.accounts.models import User
from apps.platform.core.rulebook import implements
from apps.platform.runs import services as run_services
from apps.platform.runs.hooks import (
    READINESS,
    RUN_KINDS,
    DatedInput,
    Hold,
    HoldEffect,
    ReadinessCheck,
)
from apps.platform.runs.models import Run
from apps.platform.runs.rules import fingerprint
from apps.settlement.settlements.codes import DAILY

HOLDS = "missing or outdated inputs"
MOST_REASONS = 3


@implements("BRQ-1206", "BRQ-1215", "BRQ-1255", source="settlement rule book 15, decision G36")
def readiness_on(day: date, known_at: datetime) -> list[tuple[ReadinessCheck, list[Hold]]]:
    """Return every check of a trade date's inputs with what it found, as known at a moment.

    A month's end asks every month whose carry it takes. A pure function of day and moment, so that
    a run keeps what it was requested with.
    """
    return [(check, check.find(day, known_at)) for check in READINESS if check.kind == DAILY]


def holds_on(day: date, known_at: datetime) -> list[Hold]:
    """Return what a run of a trade date holds or is published with a reason for."""
    return [
        hold
        for check in READINESS
        if check.kind == DAILY and check.worst(day, known_at) != HoldEffect.NAMED
        for hold in check.find(day, known_at)
        if hold.effect != HoldEffect.NAMED
    ]


def holds_input(holds: list[Hold]) -> list[DatedInput]:
    """Return the line of a manifest that names what is held; none where nothing is."""
    if not holds:
        return []
    return [
        DatedInput(
            HOLDS, sorted({h.resource_id for h in holds}), fingerprint(h.as_dict() for h in holds)
        )
    ]


@dataclass(frozen=True)
class Prepared:
    """What was requested to make holds good, each with whether it is new, and what was refused.

    ``refused``: by calculation, in words.
    """

    runs: list[tuple[Run, bool]]
    refused: list[str]


@implements("BRQ-1215", "BRQ-1206", source="settlement rule book 15, decision G36")
def prepare_day(*, holds: Iterable[Mapping[str, Any]], actor: User, at: datetime) -> Prepared:
    """Request every calculation that makes holds good; one that is refused keeps no other back.

    Raises RunRefused where none of them could be requested, with every reason.
    """
    wanted = dict.fromkeys((h["kind"], text) for h in holds if h["kind"] for text in h["days"])
    runs: list[tuple[Run, bool]] = []
    refused: list[str] = []
    for kind, text in wanted:
        try:
            runs.append(
                run_services.request(
                    kind_code=kind,
                    trade_date=date.fromisoformat(text),
                    actor=actor,
                    at=at,
                    reason="needed to settle",
                )
            )
        except run_services.RunRefused as trouble:
            refused.append(f"{RUN_KINDS[kind].title} ({text}): {trouble}")
    if refused and not runs:
        raise run_services.RunRefused(few_words(refused))
    return Prepared(runs, refused)


def few_words(said: list[str]) -> str:
    """Return the first of some sentences, and how many more there are."""
    more = len(said) - MOST_REASONS
    return " ".join(said[:MOST_REASONS]) + (f" And {more} more." if more > 0 else "")
