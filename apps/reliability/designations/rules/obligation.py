"""What an RMR resource owes on a day: the capacity of its terms, and never more than its Pmax."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.shares import split_cents
from apps.platform.core.violations import Severity, Violation

Place = tuple[str, str]  # TAC area, obligation type


def most_owed(*, pmax_of_terms: Decimal | None, pmax: Decimal | None) -> Decimal | None:
    """Return the MW that bound a contract's capacity on a day, or None where nothing does.

    pmax_of_terms: Pmax on the first day of the terms, which they were made with, or the first one
    on file after it. pmax: Pmax on the day. Terms that differ from their own Pmax by an approved
    override stay as they are.
    """
    if pmax is None or pmax_of_terms is None or pmax >= pmax_of_terms:
        return None
    return pmax


@implements("BRQ-0020", "BRQ-0048", source="BRS 1.2 section 6.1.1")
def owed_capacity(capacity: Mapping[Place, Decimal], most: Decimal | None) -> dict[Place, Decimal]:
    """Return the MW owed by TAC area and obligation type, of a contract's capacity.

    most: see ``most_owed``. *Interpretation*: from the day FERC approved a smaller Pmax on, bids,
    availability and payment take that Pmax, before the terms are filed anew, on trade dates for
    which ``rmr.smaller_pmax`` says so, as earlier ones were settled by their terms. Over TAC areas
    it is divided as the terms divide theirs, in 0.01 MW by largest remainder. A larger Pmax is owed
    from the day the terms say so.
    """
    found = dict(capacity)
    if most is None:
        return found
    step = MW.scale // 100
    for kind in {kind for _, kind in capacity}:
        terms = {tac: mw for (tac, of), mw in capacity.items() if of == kind and mw > 0}
        if sum(terms.values(), Decimal(0)) <= most:
            continue
        weights = {tac: MW.to_scaled(mw) for tac, mw in terms.items()}
        for tac, part in split_cents(MW.to_scaled(most) // step, weights).items():
            found[tac, kind] = MW.from_scaled(part * step)
    return found


@implements("BRQ-0020", "BRQ-0045", "BRQ-0048", source="BRS 1.2 section 6.1.1")
def terms_behind_pmax(
    *,
    contract_no: str,
    day: date,
    filed_mw: Decimal,
    pmax_mw: Decimal,
    tolerance_mw: Decimal,
    bounds: bool,
) -> Violation | None:
    """Return that the terms of a contract say other MW than Pmax from a day on, or None.

    tolerance_mw: value of ``rmr.pmax_tolerance_mw``. bounds: whether a smaller Pmax bounds what is
    owed on the day (``rmr.smaller_pmax``). Said on the page of a change of Pmax and by
    the check of the Master File until the terms follow.
    """
    if abs(filed_mw - pmax_mw) <= tolerance_mw:
        return None
    until = (
        "bids, availability and payment take the smaller Pmax"
        if bounds and pmax_mw < filed_mw
        else "bids, availability and payment stay with what the terms say"
    )
    return Violation(
        "RMR-W-0048",
        f"The terms of {contract_no} say {MW.text(filed_mw)} MW, Pmax is {MW.text(pmax_mw)} MW on "
        f"{day}. File the terms anew with {MW.text(pmax_mw)} MW; until then {until}.",
        column="PMAX_MW",
        severity=Severity.WARNING,
        value=MW.text(pmax_mw),
    )
