"""``manage.py load_reference``: TAC areas, local areas and first parameter values."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.platform.clock.selectors import site_now
from apps.site.home import services


class Command(BaseCommand):
    """Load reference data; twice is harmless."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing."""
        made = services.load_reference(at=site_now())
        self.stdout.write(f"reference data is there ({made} parameter values new)")
