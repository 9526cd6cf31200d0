"""Recovery of fuel, repair and motoring costs: its rules; requests follow."""

from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    """Cost recovery of new-tariff RMR."""

    name = "apps.recovery"
