"""The datasets that come from the market and from meters."""

from apps.kernel.datasets import Dataset

METERED_DEMAND = Dataset("market.metered_demand", "Metered demand", "trade_date")
TAC_LOAD = Dataset("market.tac_load", "TAC area load", "trade_date")
ENERGY_PRICES = Dataset("market.energy_prices", "Energy prices", "trade_date")
HOLIDAYS = Dataset("market.holidays", "Holidays", "all")
