"""What of a run is held of one SC's own resources."""

from __future__ import annotations

from dataclasses import dataclass

from apps.platform.runs.models import Run
from apps.platform.runs.services import without_amount
from apps.reference.resources.selectors import sc_of
from apps.settlement.settlements.codes import HELD_OUTCOMES
from apps.settlement.settlements.models import CapacityPayment


@dataclass(frozen=True)
class HeldResource:
    """A resource that is left without an amount, and the input that is missing or outdated."""

    resource: str
    sentence: str


def held_of_sc(*, run: Run, sc_id: int) -> list[HeldResource]:
    """Return what a run holds of the resources of one SC, by resource ID; nothing of another's.

    A hold of a month is of the SC whose RAAIM it is, any other of the SC of the trade date. An RMR
    contract that lacks a price or load is among them (BRQ-1225).
    """
    own, found = set(), set()
    if holds := without_amount(run.holds):
        own = {a.resource_id for a in sc_of(run.trade_date, run.known_at) if a.sc_id == sc_id}
    for hold in holds:
        month = hold["details"].get("month") or {}
        whose = month.get("sc_id")
        if whose == sc_id or (whose is None and hold["resource_id"] in own):
            found.add((hold["resource"], hold["sentence"]))
    payments = CapacityPayment.objects.filter(run=run, sc_id=sc_id, outcome__in=HELD_OUTCOMES)
    for resource, sentence in payments.values_list("resource__code", "sentence"):
        said = sentence.removeprefix("Held: ")
        if not any(r == resource and s.startswith(said) for r, s in found):
            found.add((resource, said))
    return [HeldResource(*one) for one in sorted(found)]
