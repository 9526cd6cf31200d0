"""What is asked of contract files before they are confirmed: are they likely right?"""

from __future__ import annotations

from apps.platform.core.quantity import MW, USD_PER_MW_DAY
from apps.platform.uploads.rules import Measure
from apps.reference.resources.services import Far, above_bound, above_pmax, unlike_before
from apps.reliability.designations.rules.parameters import (
    PLAUSIBLE_PRICE_FACTOR,
    PLAUSIBLE_PRICE_LEAST,
    PLAUSIBLE_PRICE_MOST,
)

PRICE = Measure("price", USD_PER_MW_DAY, "PRICE_USD_PER_MW_DAY", ("contract_id", "obligation_type"))
PRICE_FAR = Far(PLAUSIBLE_PRICE_FACTOR, PLAUSIBLE_PRICE_LEAST)
CONTRACT_CHECKS = (
    above_pmax(Measure("mw", MW, "MW", ("resource_id",))),
    unlike_before(PRICE, PRICE_FAR, zero_tells=False),
    above_bound(
        PRICE, PLAUSIBLE_PRICE_MOST, "the bound of {} $/MW-day beyond which a price is asked about"
    ),
)
"""Of RMR contract terms: capacity beside Pmax, price beside the price on file and a bound."""
