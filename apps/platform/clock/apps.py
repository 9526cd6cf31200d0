"""Start-up of the clock."""

from django.apps import AppConfig


class ClockConfig(AppConfig):
    """The site's time: the machine's, or in a demo the simulated one."""

    name = "apps.platform.clock"
