"""What became of backups is put on record, for those who look after the running system."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import log_event
from apps.site.home.codes import BACKUP_MADE, BACKUP_PROVED
from apps.site.home.services.backing_up import Restored, manifest_of

logger = logging.getLogger(__name__)


def note_backup(*, manifest: dict[str, Any], name: str, at: datetime) -> None:
    """Put on record that a backup was made: its file, its size in bytes, and its SHA-256."""
    log_event(
        action=BACKUP_MADE,
        sentence=f"A backup was written to {name} ({manifest['bytes']} bytes)",
        actor=system_user(),
        at=at,
        data={k: manifest[k] for k in ("sha256", "bytes", "publications")},
    )


def note_proof(*, backup: Path, found: Restored, at: datetime) -> None:
    """Put on record, in the database in use, that a backup was restored and proved.

    One that did not come to what was published is no proof. Where the database in use is itself
    new and without tables, as after the loss of the old one, there is nowhere to note it.
    """
    if found.broken:
        return
    try:
        with transaction.atomic():
            log_event(
                action=BACKUP_PROVED,
                sentence=f"The backup {backup.name} was restored and came to what was published "
                f"({found.publications} publications)",
                actor=system_user(),
                at=at,
                data={"sha256": manifest_of(backup)["sha256"], "reproduced": found.reproduced},
            )
    except (DatabaseError, User.DoesNotExist) as trouble:
        logger.warning("the proof of %s could not be put on record: %s", backup.name, trouble)
