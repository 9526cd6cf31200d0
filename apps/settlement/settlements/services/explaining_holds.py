"""Why a line has no amount: an input of its resource is missing or outdated."""

from __future__ import annotations

from apps.platform.accounts.models import Party
from apps.platform.core.explanation import Explanation
from apps.platform.core.quantity import USD
from apps.platform.runs.services import without_amount
from apps.reference.resources.selectors import resource_codes
from apps.settlement.settlements.codes import HELD_OUTCOMES
from apps.settlement.settlements.rules.chain import Book, charge_codes
from apps.settlement.settlements.rules.holds import OF_CONTRACTS, SHARES_OF_CONTRACTS
from apps.settlement.settlements.selectors import published_over
from apps.settlement.settlements.services.describing import ancestors
from apps.settlement.settlements.services.explaining_charges import Asked, shown

CONTRACT_LINES = (*OF_CONTRACTS, *SHARES_OF_CONTRACTS)
OF_MONTHS = "RAAIM"
OF_ANOTHER = "The resource is another SC's, which alone is told what its inputs lack."


def why_held(asked: Asked, book: Book) -> list[str]:
    """Return which inputs are missing or outdated, where they hold a line; none where none does.

    book: the chain calculated for the line's resource. A hold is of a resource, or of its RAAIM in
    a month; of a contract also what its terms lack (BRQ-1225).
    """
    key = asked.resource_id
    if key is None or not _rests_on_holds(asked.charge_code):
        return []
    of_month = asked.charge_code.startswith(OF_MONTHS)
    found = [
        h["sentence"]
        for h in without_amount(asked.run.holds)
        if h["resource_id"] == key and ("month" in h["details"]) == of_month
    ]
    if asked.charge_code in CONTRACT_LINES:
        found += [
            r.capacity.sentence.removeprefix("Held: ")
            for r in book["rmr"]
            if r.contract.resource_id == key and r.capacity.outcome in HELD_OUTCOMES
        ]
    return list(dict.fromkeys(found))


def _rests_on_holds(code: str) -> bool:
    node = charge_codes().get(code)
    return node is not None and any("holds" in n.reads for n in (node, *ancestors(code)))


def explain_held(asked: Asked, book: Book, why: list[str]) -> Explanation:
    """Explain a line that is held: no amount in this version, and which input it waits for.

    why: what ``why_held`` found. An SC is told what the inputs of its own resources lack, of
    another's only that something does.
    """
    node = charge_codes()[asked.charge_code]
    told = why if shown(asked, book) else [OF_ANOTHER]
    names = resource_codes({asked.resource_id or 0})
    sc = Party.objects.get(pk=asked.sc_id).code
    said = (
        f"Held: version {asked.run.version} charges and pays nothing for it, because an input is "
        "missing or outdated.",
        *told,
        "It is charged or paid in a later version, once that is made good.",
    )
    return Explanation(
        title=f"{node.title}, {', '.join([*names.values(), sc])}, {asked.run.trade_date}",
        sentence=" ".join(said),
        amount=USD.text(asked.stored),
        unit="$",
        requirements=list(node.requirements),
        reproduced=True,
        held=told,
    )


def over_holds(asked: Asked) -> list[str]:
    """Return the sentence that a version was published over missing or outdated inputs, if it was.

    The reason may name what is another SC's, so only the ISO's people read it.
    """
    said = published_over(asked.run, in_full=asked.viewer.is_iso)
    return [said] if said else []
