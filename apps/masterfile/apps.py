"""Start-up of the Master File."""

from django.apps import AppConfig


class MasterfileConfig(AppConfig):
    """Daily retrieval of resource data, and what depends on it."""

    name = "apps.masterfile"
