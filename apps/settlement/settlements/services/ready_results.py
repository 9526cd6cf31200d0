"""Whether every contract in force is named by the market results of its trade date."""

from __future__ import annotations

from datetime import date, datetime

from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span
from apps.platform.parameters.selectors import parameter_set
from apps.platform.runs.hooks import Hold, HoldEffect
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import METERED_DEMAND
from apps.reference.market.selectors import demand_cells, resources_with_results
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
            f"results; {_where_idle(effect)}",
            effect=effect,
        )
        for key, contract in sorted(bare.items(), key=lambda pair: pair[1].resource.code)
    ]


def _where_idle(effect: HoldEffect) -> str:
    """Return what is to be done of a resource that did nothing all day."""
    if effect == HoldEffect.NAMED:
        return "where it did nothing all day, nothing is to be done."
    return "where it did nothing all day, the reason given when publishing says so."


@implements("BRQ-1230", source="settlement rule book 15, decisions G23 and G36")
def contracts_without_demand(day: date, known_at: datetime) -> list[Hold]:
    """Return new-tariff contracts in force of whose TAC areas one has no metered demand on a day.

    Nobody can be charged there, so the run pays such a contract nothing (G23); it says so here,
    before the run, and its effect is that of a contract without market results.
    """
    held = on_day(day, known_at)
    versions = versions_known_at(METERED_DEMAND.name, known_at, days=[day]) if held else []
    if not versions:  # without any the day cannot be settled at all, which is said elsewhere
        return []
    fed = {tac for v in versions for _, tac, mwh in demand_cells(version=v) if mwh}
    vintages = vintages_on(day, known_at)
    found = []
    for c in sorted(held, key=lambda one: one.contract.resource.code):
        areas = {row.tac_area_id: row.tac_area.code for row in c.capacity if row.mw}
        bare = sorted(code for key, code in areas.items() if key not in fed)
        legacy = vintages.get(c.contract.resource_id, ("", None))[0] == Vintage.LEGACY
        if bare and c.contract.scope == "LOCAL" and not legacy:
            unit = c.contract.resource.code
            sentence = (
                f"{unit} ({c.contract.contract_no}): no metered demand of {day} in "
                f"{', '.join(bare)}; nobody can be charged, so its capacity is not paid. Send the "
                "metered demand of the area."
            )
            effect = effect_without_results(day, known_at)
            found.append(
                Hold("CONTRACT-NO-DEMAND", c.contract.resource_id, unit, sentence, effect=effect)
            )
    return found


def effect_without_results(day: date, known_at: datetime) -> HoldEffect:
    """Return what a contract without market results or demand does on a day, as known then."""
    params = parameter_set(
        parameters=(CONTRACT_WITHOUT_RESULTS,), span=Span.through(day, day), known_at=known_at
    )
    try:
        return HoldEffect(params.at(CONTRACT_WITHOUT_RESULTS, day))
    except ParameterMissing:
        return HoldEffect.NAMED
