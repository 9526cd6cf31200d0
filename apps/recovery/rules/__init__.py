"""Pure rules of cost recovery."""

from apps.recovery.rules.fuel import FUEL_RECOVERY, READINGS, recovered

__all__ = ["FUEL_RECOVERY", "READINGS", "recovered"]
