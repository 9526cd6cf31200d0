"""What not substituting costs: a month's availability, and the RAAIM charge it leads to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import polars as pl

from apps.adequacy.availability.rules import (
    LOWER_BOUND,
    RAAIM_PRICE,
    availability_share,
    charge_estimate,
)
from apps.adequacy.availability.services.inputs import Tables, gather_days, measure
from apps.adequacy.substitutions.hooks import Estimate
from apps.adequacy.substitutions.selectors import SUBSTITUTION_FRAME
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import MW, dollars, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, Span, first_of_month, last_of_month
from apps.platform.parameters.selectors import parameter_set
from apps.reliability.designations.selectors import on_day

Choice = tuple[datetime, datetime, Decimal]


@implements("BRQ-0216", source="BRS 1.2 section 6.2.2")
def estimate_month(
    resource_id: int, part: str, choice: Choice | None, at: datetime
) -> Estimate | None:
    """Return a month's availability and charge as known now, with a choice or without one.

    None where the resource is not measured, or no price or bound is on file.
    """
    day = first_of_month(at.astimezone(PACIFIC).date())
    span = Span.through(day, last_of_month(day))
    tables = Tables.read(span, FAR_MOMENT, {resource_id})
    chosen = None
    if choice is not None:
        row = (resource_id, 0, "choice", part, MW.to_scaled(choice[2]), choice[0], choice[1])
        chosen = pl.DataFrame([row], schema=SUBSTITUTION_FRAME, orient="row")
    owed = curtailed = hours = 0
    for found in gather_days(span, FAR_MOMENT, tables, {resource_id}):
        if (resource_id, part) not in found.owed:
            continue
        done = measure(found, chosen).filter(
            (pl.col("resource_id") == resource_id) & (pl.col("ra_type") == part)
        )
        owed += int(done["obligation"].sum())
        curtailed += int(done["curtailed"].sum())
        hours += done.height
    share = availability_share(MW.from_scaled(owed), MW.from_scaled(curtailed))
    if share is None or not hours:
        return None
    params = parameter_set(
        parameters=(LOWER_BOUND, RAAIM_PRICE), span=Span.through(day, day), known_at=FAR_MOMENT
    )
    try:
        lower, price = params.at(LOWER_BOUND, day), params.at(RAAIM_PRICE, day)
    except ParameterMissing:
        return None
    monthly, how = _price(resource_id, at, price, len(list(span)))
    average = MW.from_scaled(owed) / hours
    charge = charge_estimate(share=share, average=average, lower=lower, monthly_price=monthly)
    sentence = (
        f"availability {share * 100:.2f} % of {plain(average.quantize(Decimal('0.01')))} MW over "
        f"{hours} assessed hours; max(0, {plain(lower * 100)} % − it) × {how} = {dollars(charge)}."
    )
    return Estimate(share, charge, sentence)


def _price(resource_id: int, at: datetime, raaim: Decimal, days: int) -> tuple[Decimal, str]:
    for held in on_day(at.astimezone(PACIFIC).date(), FAR_MOMENT):
        if held.contract.resource_id == resource_id and held.price is not None:
            price = held.price.price
            return price * days, f"{plain(price)} $/MW-day × {days} days"
    return raaim * 1000, f"{plain(raaim)} $/kW-month × 1000"
