"""What looks unlikely in a contract price that is typed: the questions a file of terms is asked."""

from __future__ import annotations

from apps.platform.core.quantity import USD_PER_MW_DAY
from apps.platform.parameters.selectors import value_on
from apps.platform.uploads.rules import unlike_amount
from apps.reliability.designations.models import ContractPrice, PriceChange
from apps.reliability.designations.rules.parameters import PLAUSIBLE_PRICE_MOST
from apps.reliability.designations.selectors import NOW
from apps.reliability.designations.services.plausibility import PRICE_FAR


def price_doubts(change: PriceChange) -> list[str]:
    """Return what looks unlikely: beside the price in force on its first day, and by a bound."""
    day, price, found = change.first_date, change.price, []
    held = ContractPrice.objects.filter(
        contract_no=change.contract_no, known__contains=NOW, valid__contains=day
    ).first()
    if held is not None:
        said = unlike_amount(price, held.price, USD_PER_MW_DAY, PRICE_FAR.on(day), "in force")
        found += [f"The price of {said}"] if said else []
    most = value_on(PLAUSIBLE_PRICE_MOST, day)
    if price > most:
        found.append(
            f"The price of {USD_PER_MW_DAY.text(price)} $/MW-day is beyond the bound of "
            f"{USD_PER_MW_DAY.text(most)} $/MW-day."
        )
    return found
