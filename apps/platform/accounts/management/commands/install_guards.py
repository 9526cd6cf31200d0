"""``manage.py install_guards [--check]``: triggers and row-level security, as the code has them.

``migrate`` does the same at its end. Twice is harmless; ``--check`` changes nothing, lists what is
missing and ends with 1 where something is.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.platform.accounts.services import RowSecurityError, install_guards, missing_guards


class Command(BaseCommand):
    """Install the guards of the database, or say which are missing."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to look only."""
        parser.add_argument(
            "--check", action="store_true", help="List what is missing; change nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Install or look; raises CommandError with what an administrator has to do."""
        if not options["check"]:
            try:
                install_guards(again=True)
            except RowSecurityError as trouble:
                raise CommandError(str(trouble), returncode=2) from trouble
        missing = missing_guards()
        for line in missing:
            self.stdout.write(line)
        if missing:
            raise CommandError(
                f"{len(missing)} guards are missing. Migrate, then run install_guards."
            )
        self.stdout.write("Every trigger and policy that the code declares stands in the database.")
