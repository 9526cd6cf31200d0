"""Which lines of an SC's statement are held: what, why, and until what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.platform.accounts.services import bypass_rls
from apps.platform.core.rulebook import implements
from apps.platform.core.words import counted
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import version_read
from apps.platform.runs.services import held_until, without_amount
from apps.reference.market.codes import METERED_DEMAND
from apps.reference.market.selectors import demand_rows
from apps.reference.resources.selectors import sc_of
from apps.settlement.settlements.codes import HELD_OUTCOMES
from apps.settlement.settlements.models import CapacityPayment, RaaimLine
from apps.settlement.settlements.rules.holds import (
    OF_CONTRACTS,
    OF_MARKETS,
    OF_MONTHS,
    SHARES_OF_CONTRACTS,
    SHARES_OF_MARKETS,
    SHARES_OF_MONTHS,
    HeldLine,
)

ON_FILE = "what it lacks is on file"
OF_OTHERS = "what they lack is made good"


@dataclass(frozen=True)
class _Held:
    """What of a run has no amount: of which resource, and whose it is where the hold says it."""

    resource_id: int
    sc_id: int | None
    line: HeldLine


@implements("BRQ-1201", "BRQ-1206", "BRQ-1225", source="settlement rule book 15, decision G36")
def held_of_sc(*, run: Run, sc_id: int) -> list[HeldLine]:
    """Return the held lines of one SC's statement of a run, by resource ID, shares of others last.

    A hold of a month is of the SC whose RAAIM it is, any other of the SC of the trade date. An RMR
    contract that lacks a price or load is among them (BRQ-1225). Of other SCs' resources it tells
    how many inputs are missing, to those who share what these are charged or paid, and no more.
    """
    return held_over([(run, sc_id)])[run.pk, sc_id]


def held_over(statements: Iterable[tuple[Run, int]]) -> dict[tuple[int, int], list[HeldLine]]:
    """Return the held lines of several statements by (run, SC); one query where nothing is held."""
    asked = list(statements)
    payments = _payments_held({run.pk for run, _ in asked})
    found: dict[tuple[int, int], list[HeldLine]] = {}
    for run, sc_id in asked:
        held = _held_of(run, payments.get(run.pk, []))
        found[run.pk, sc_id] = _of_one(run, sc_id, held) if held else []
    return found


def _payments_held(runs: set[int]) -> Mapping[int, list[Any]]:
    """Return RMR contracts without an amount by run: (resource, its code, SC, sentence)."""
    found: dict[int, list[Any]] = {}
    with bypass_rls("who shares the cost of contracts is told how many of them are held"):
        rows = CapacityPayment.objects.filter(run__in=runs, outcome__in=HELD_OUTCOMES).values_list(
            "run_id", "resource_id", "resource__code", "sc_id", "sentence"
        )
        for run, *payment in rows.order_by("run_id", "line_no"):
            found.setdefault(run, []).append(payment)
    return found


def _held_of(run: Run, payments: Sequence[Any]) -> list[_Held]:
    under = {resource for resource, *_ in payments}
    found = []
    for hold in without_amount(run.holds):
        month = hold["details"].get("month")
        key = hold["resource_id"]
        codes = OF_MARKETS + (OF_CONTRACTS if key in under else ())
        line = HeldLine(
            hold["resource"], OF_MONTHS if month else codes, hold["sentence"], held_until(hold)
        )
        found.append(_Held(key, month["sc_id"] if month else None, line))
    for key, resource, sc_id, sentence in payments:
        said = sentence.removeprefix("Held: ")
        if not any(h.resource_id == key and h.line.sentence.startswith(said) for h in found):
            found.append(_Held(key, sc_id, HeldLine(resource, OF_CONTRACTS, said, ON_FILE)))
    return found


def _of_one(run: Run, sc_id: int, held: Sequence[_Held]) -> list[HeldLine]:
    own_today = {a.resource_id for a in sc_of(run.trade_date, run.known_at) if a.sc_id == sc_id}
    own = [h for h in held if h.sc_id == sc_id or (h.sc_id is None and h.resource_id in own_today)]
    lines = sorted({h.line for h in own}, key=lambda one: (one.resource, one.sentence))
    others = {h.line for h in held if h not in own}
    shares = _shares(run, sc_id, others) if others else ()
    if not shares:
        return lines
    inputs = counted(len(others), "input")
    is_ = "is" if len(others) == 1 else "are"
    said = (
        f"Resources of other SCs: {inputs} {is_} missing or outdated; what these resources are "
        "charged or paid is in no share."
    )
    return [*lines, HeldLine("", shares, said, OF_OTHERS)]


def _shares(run: Run, sc_id: int, others: Iterable[HeldLine]) -> tuple[str, ...]:
    """Return the codes by which an SC shares what held resources of others are charged or paid."""
    charges = {code for line in others for code in line.charges}
    found: list[str] = []
    version = version_read(run, METERED_DEMAND.name)
    if version and demand_rows(version=version, sc_id=sc_id, tac_area_ids=()).exists():
        for codes, shares in (
            (OF_CONTRACTS, SHARES_OF_CONTRACTS),
            (OF_MARKETS, SHARES_OF_MARKETS),
            (OF_MONTHS, SHARES_OF_MONTHS),
        ):
            found += shares if charges & set(codes) else ()
    if charges & set(OF_MONTHS) and RaaimLine.objects.filter(run=run, sc_id=sc_id).exists():
        found += OF_MONTHS  # the pool is paid out of what every resource is charged
    return tuple(found)


@implements("BRQ-1206", source="settlement rule book 15, decision G36")
def published_over(run: Run, *, in_full: bool) -> str:
    """Return over how many missing or outdated inputs a version was published; empty for none.

    in_full: with the reasons of the second person, for the ISO's people: they may name what is
    another SC's.
    """
    if not run.over_holds and not run.answered_for:
        return ""
    said = f"Version {run.version} was published over "
    said += counted(len(run.holds), "missing or outdated input")
    if not in_full:
        return f"{said}."
    reasons = {"because": run.over_holds, "answered for, because": run.answered_for}
    return ", ".join([said, *(f"{word}: {why}" for word, why in reasons.items() if why)])
