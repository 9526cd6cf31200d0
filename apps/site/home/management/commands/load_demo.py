"""``manage.py load_demo``: the demo's people and files, through the same doors as anybody's."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.platform.clock.selectors import site_now
from apps.site.home import services


class Command(BaseCommand):
    """Load the demo; twice is harmless."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and say who can sign in."""
        people = services.load_demo_people(password=settings.DEMO_PASSWORD)
        loaded = services.load_demo_files(at=site_now())
        cases = services.load_demo_cases(at=site_now())
        runs = services.load_demo_costs(at=site_now())
        adequacy = services.load_demo_adequacy(at=site_now())
        self.stdout.write(
            f"demo: {len(people)} users, {len(loaded)} files loaded now, {cases} notices opened, "
            f"{runs} runs of costs and bids, {adequacy} of resource adequacy"
        )
