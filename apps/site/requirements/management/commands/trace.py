"""``manage.py trace``: write the matrix of requirements, code and tests; fail where it is open."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from apps.site.requirements.rules import gaps, state_of
from apps.site.requirements.selectors import catalogue, code_by_id, tests_by_id


class Command(BaseCommand):
    """The traceability gate on the command line; exit status 1 for a gap."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one line for each id and then the gaps."""
        rows = catalogue()
        for r in rows:
            self.stdout.write(
                f"{r.id:12} {state_of(r):9} code {len(r.code):2} tests {len(r.tests):2}  {r.title}"
            )
        found = gaps(rows, coded=code_by_id(), tested=tests_by_id())
        for gap in found:
            self.stderr.write(f"GAP: {gap}")
        if found:
            sys.exit(1)
