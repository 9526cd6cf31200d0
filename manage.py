#!/usr/bin/env python
"""Run a management command of rmrcpm."""

import os
import sys


def main() -> None:
    """Hand the command line to Django; say gently where the database does not answer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as trouble:
        sys.exit(
            "The database does not answer. Start it with `make run` in another terminal, or set "
            f"DATABASE_URL to a server of yours.\n{trouble}"
        )


if __name__ == "__main__":
    main()
