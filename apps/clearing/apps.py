"""Market clearing: its rules; the ledger follows."""

from django.apps import AppConfig


class ClearingConfig(AppConfig):
    """Clearing and credit."""

    name = "apps.clearing"
