"""The demo's metered demand of its trade date, as corrected by one SC."""

from apps.site.home.services import DEMO

CORRECTED = (DEMO / "try" / "metered_demand_2024-09-04_corrected.csv").read_text
