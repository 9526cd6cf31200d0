"""What has to hold before a database is prepared."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from apps.site.home.selectors import other_schema

SHOWN = 3


class OtherSchema(RuntimeError):
    """Another version of the product made the database; the message says what to do."""


def check_schema() -> None:
    """Refuse a database of another schema, and change nothing in it; raises OtherSchema."""
    signs = other_schema()
    if not signs:
        return
    rest = f" and {len(signs) - SHOWN} more" if len(signs) > SHOWN else ""
    name = connection.settings_dict["NAME"]
    if settings.DATABASES_ARE_OURS:
        where = f"The database in {settings.HOME}"
        do = (
            f"Move that folder aside (mv {settings.HOME} {settings.HOME}.old) or set RMRCPM_HOME "
            "to a new one, and start again; or go on with the version that made it."
        )
    else:
        where = f"The database {name} that DATABASE_URL names"
        do = "Name an empty database, or go on with the version that made this one."
    raise OtherSchema(
        f"{where} was made by another version of rmrcpm. It has what this one does not fit: "
        f"{', '.join(signs[:SHOWN])}{rest}. Nothing in it was changed. {do}"
    )
