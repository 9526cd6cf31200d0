"""Words of outages: nature of work, states, who may file."""

from __future__ import annotations

from apps.platform.accounts.codes import ISO_ROLES, SC_ROLES, Role
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States

OUTAGE_TYPES = ("FORCED", "PLANNED")
REPORTS = Dataset("outages.reports", "Outage reports", "month")
NATURE_TABLE = Dataset("outages.natures", "Nature of work", "all")

NATURES = (
    "AMBIENT_DUE_TO_FUEL_INSUFFICIENCY",
    "AMBIENT_DUE_TO_TEMP",
    "AMBIENT_NOT_DUE_TO_TEMP",
    "ANNUAL_USE_LIMIT_REACHED",
    "AVR_EXITER",
    "ENVIRONMENTAL_RESTRICTIONS",
    "ICCP",
    "METERING_TELEMETRY",
    "MONTHLY_USE_LIMIT_REACHED",
    "NEW_GENERATOR_TEST_ENERGY",
    "OTHER_USE_LIMIT_REACHED",
    "PLANT_MAINTENANCE",
    "PLANT_TROUBLE",
    "POWER_SYSTEM_STABILIZATION",
    "RIMS_OUTAGE",
    "RIMS_TESTING",
    "RTU_RIG",
    "SHORT_TERM_USE_LIMIT_REACHED",
    "TECHNICAL_LIMITATIONS_NOT_IN_MARKET_MODEL",
    "TRANSITIONAL_LIMITATION",
    "TRANSMISSION_INDUCED",
    "UNIT_SUPPORTING_STARTUP",
    "UNIT_TESTING",
)
USE_LIMIT_NATURES = tuple(n for n in NATURES if n.endswith("USE_LIMIT_REACHED"))
FILERS = frozenset({Role.SC_ADMIN, Role.SC_USER, Role.ISO_ADMIN, Role.ISO_OPERATOR})
OUTAGE_READERS = ISO_ROLES | SC_ROLES

OUTAGE_STATES = States(
    initial="ON_FILE",
    moves=(Move("cancel", "ON_FILE", "CANCELLED", FILERS, "Cancel the outage", ends=True),),
)
