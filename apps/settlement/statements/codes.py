"""The queue of statements."""

from __future__ import annotations

from apps.platform.accounts.codes import Role
from apps.platform.core.states import Move, States

RECEIVERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
RECEIPT_STATES = States(
    initial="WAITING",
    moves=(
        Move("acknowledge", "WAITING", "ACKNOWLEDGED", RECEIVERS, "Acknowledge"),
        Move("archive", "WAITING", "ARCHIVED", RECEIVERS, "Archive", optional=True),
        Move("archive", "ACKNOWLEDGED", "ARCHIVED", RECEIVERS, "Archive", optional=True),
        Move(
            "restore",
            "ARCHIVED",
            "ACKNOWLEDGED",
            RECEIVERS,
            "Take back to the queue",
            optional=True,
        ),
    ),
)
