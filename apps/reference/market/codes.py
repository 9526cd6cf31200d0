"""The datasets that come from the market and from meters."""

from apps.platform.core.datasets import Dataset

METERED_DEMAND = Dataset("market.metered_demand", "Metered demand", "trade_date")
TAC_LOAD = Dataset("market.tac_load", "TAC area load", "trade_date")
ENERGY_PRICES = Dataset("market.energy_prices", "Energy prices", "trade_date")
DISPATCH_SHARES = Dataset("market.dispatch_shares", "Shares of exceptional dispatch", "trade_date")
HOLIDAYS = Dataset("market.holidays", "Holidays", "all")
COMMITMENTS = Dataset("market.commitments", "Commitments of resources", "trade_date")
RESOURCE_HOURS = Dataset("market.resource_hours", "Hourly market results", "trade_date")
RESOURCE_QUARTERS = Dataset("market.resource_quarters", "15-minute market results", "trade_date")
RESOURCE_INTERVALS = Dataset("market.resource_intervals", "5-minute energy", "trade_date")
WHOLE_ISO = "CA ISO-TAC"  # OASIS: the ISO as a whole, beside its TAC areas
RESULT_DATASETS = (COMMITMENTS, RESOURCE_HOURS, RESOURCE_QUARTERS, RESOURCE_INTERVALS)

MEASURED_DEMAND, TRANSMISSION_OWNER = "MEASURED_DEMAND", "TRANSMISSION_OWNER"
SHARE_BASES = {
    MEASURED_DEMAND: "Measured demand of an SC (MWh)",
    TRANSMISSION_OWNER: "Revenue requirement of a transmission owner ($)",
}
"""What exceptional dispatch is shared by the tariff's way: its energy, and its uplift."""
MARKETS = {"IFM": "Day-ahead (IFM)", "RUC": "Residual unit commitment", "RTM": "Real-time"}
EVENTS = {"START": "Start-up", "RUN": "At minimum load", "TRANSITION": "Transition"}
COMMITTERS = {"ISO": "By the ISO", "SELF": "Self-committed", "ED": "Exceptional dispatch"}
YES_NO = {"Y": "Yes", "N": "No"}
REPEATED_NAMES = ("02X", "2X", "02*", "2*")
"""What files by the clock call the second hour from 01:00 of the autumn day."""
