"""Try a settled day with something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
import polars as pl
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import sc_codes
from apps.platform.audit.services import log_event
from apps.platform.core.money import cents_to_usd
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.hooks import RUN_KINDS
from apps.reference.resources.selectors import resource_codes, tac_codes
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.selectors import lines_of_run
from apps.settlement.settlements.services import tried
from apps.settlement.statements.rules import side_by_side, summed
from apps.settlement.statements.selectors import published_run
from apps.settlement.what_if.codes import MOST_CHANGES, TRIERS
from apps.settlement.what_if.models import WhatIf
from apps.settlement.what_if.rules import changed_book, read_changes

MOST_LINES = 100


@dataclass(frozen=True)
class TrialInput:
    """Which run, and what is to be different; one change a line."""

    base: str
    title: str
    changes: str


@implements("BRQ-1201", source="settlement desk: what if")
@transaction.atomic
def try_out(*, given: TrialInput, actor: User, at: datetime) -> WhatIf:
    """Calculate a run's day with changes and keep what came out, marked as a what-if.

    Nothing of it touches results, statements or disputes. Raises ValidationFailed for a run that is
    none, or changes that cannot be made, each with its line.
    """
    viewer = actor.viewer()
    if not viewer.may(TRIERS):
        raise ValidationFailed.because("TRL-ROLE", "Your roles do not allow you to make what-ifs.")
    base = published_run(given.base, viewer=viewer)
    if base is None:
        raise ValidationFailed.because(
            "TRL-RUN", f"There is no settled run {given.base[:20]!r}.", "base"
        )
    text = given.changes.replace("\x00", "")
    changes = read_changes(text, {p.name: p for p in RUN_KINDS[DAILY].parameters})
    if len(changes) > MOST_CHANGES:
        raise ValidationFailed.because(
            "TRL-MANY", f"A what-if has at most {MOST_CHANGES} changes.", "changes"
        )
    values = {c.of[0]: c.to for c in changes if c.what == "parameter"}
    lines, checks = tried(base, values=values, changed=lambda book: changed_book(book, changes))
    outcome = _outcome(side_by_side(lines_of_run(base), lines))
    outcome["checks"] = [c.sentence for c in checks if not c.passed]
    with pghistory.context(user=actor.pk):
        what_if = WhatIf.objects.create(
            state=WhatIf.STATES.initial,
            opened_by=actor,
            opened_at=at,
            base=base,
            trade_date=base.trade_date,
            title=given.title.strip()[:120],
            changes=text[:8000],
            outcome=outcome,
        )
    log_event(
        action="what_if.what_if.made",
        actor=actor,
        at=at,
        subject=what_if,
        sentence=f"{base} tried with {len(changes)} changes: {what_if.title}",
    )
    return what_if


def _outcome(lines: pl.DataFrame) -> dict[str, Any]:
    names = sc_codes()
    moved = lines.filter(pl.col("change") != 0)
    resources = resource_codes({k for k in moved.head(MOST_LINES)["resource_id"] if k})
    areas = tac_codes()

    def sums(by: str) -> list[list[Any]]:
        return [
            [names.get(r[by], r[by]) if by == "sc_id" else r[by], r["was"], r["now"], r["change"]]
            for r in summed(lines, by).iter_rows(named=True)
            if r["moved"]
        ]

    return {
        "by_sc": sums("sc_id"),
        "by_charge": sums("charge_code"),
        "lines": [
            [
                names.get(r["sc_id"], ""),
                r["charge_code"],
                resources.get(r["resource_id"], ""),
                areas.get(r["tac_area_id"], ""),
                r["was"] or 0,
                r["now"] or 0,
                r["change"],
            ]
            for r in moved.head(MOST_LINES).iter_rows(named=True)
        ],
        "moved": moved.height,
        "same": lines.height - moved.height,
    }


def in_dollars(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows of an outcome with their cents as dollars."""
    return [[cents_to_usd(v) if isinstance(v, int) else v for v in row] for row in rows]
