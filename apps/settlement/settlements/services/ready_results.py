"""Whether every contract in force is named by the market results of its trade date."""

from __future__ import annotations

from datetime import date, datetime

from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span
from apps.platform.parameters.selectors import parameter_set
from apps.platform.runs.hooks import Hold, HoldEffect
from apps.reference.market.selectors import resources_with_results
from apps.reference.resources.codes import Vintage
from apps.reliability.designations.selectors import on_day, vintages_on
from apps.settlement.settlements.rules.parameters import CONTRACT_WITHOUT_RESULTS


@implements("BRQ-1225", source="settlement rule book 15, decision G36")
def contracts_without_results(day: date, known_at: datetime) -> list[Hold]:
    """Return new-tariff contracts in force that no market result of a day names.

    *Interpretation*: a unit that did nothing all day has no row either, so its capacity is paid;
    a dated parameter says whether publishing takes a second person's reason. Before that parameter
    had a value it was not asked.
    """
    held = on_day(day, known_at)
    if not held:
        return []
    named, vintages = resources_with_results(day, known_at), vintages_on(day, known_at)
    bare = {
        c.contract.resource_id: c.contract
        for c in held
        if c.contract.resource_id not in named
        and vintages.get(c.contract.resource_id, ("", None))[0] != Vintage.LEGACY
    }
    effect = effect_without_results(day, known_at) if bare else HoldEffect.NAMED
    return [
        Hold(
            "CONTRACT-NO-RESULTS",
            key,
            contract.resource.code,
            f"{contract.resource.code} ({contract.contract_no}): no market result of {day} names "
            "it; its capacity is paid and no market revenue is taken back. Send its market "
            "results, or say why it has none.",
            effect=effect,
        )
        for key, contract in sorted(bare.items(), key=lambda pair: pair[1].resource.code)
    ]


def effect_without_results(day: date, known_at: datetime) -> HoldEffect:
    """Return what a contract without market results does on a day, as known at a moment."""
    params = parameter_set(
        parameters=(CONTRACT_WITHOUT_RESULTS,), span=Span.through(day, day), known_at=known_at
    )
    try:
        return HoldEffect(params.at(CONTRACT_WITHOUT_RESULTS, day))
    except ParameterMissing:
        return HoldEffect.NAMED
