"""Wait until the site's database takes a connection: ``python -m rmrcpm.await_database``.

After a start of the machine the database may be up later than the programs, also one on another
host. A unit that waits keeps those that require it waiting; one that fails makes them fail for
good. There is no bound; every half minute it says what the database answered.
"""

from __future__ import annotations

import os
import sys
import time

EVERY = 2.0  # seconds
SAID_EVERY = 15  # attempts


def main() -> int:
    """Return 0 once the database takes a connection."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")
    django.setup()
    from django.db import OperationalError, connection

    attempt = 0
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as trouble:
            if attempt % SAID_EVERY == 0:
                print(f"waiting for the database: {str(trouble).strip()}", flush=True)
            attempt += 1
            time.sleep(EVERY)
        else:
            connection.close()
            return 0


if __name__ == "__main__":
    sys.exit(main())
