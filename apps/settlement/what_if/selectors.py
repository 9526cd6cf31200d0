"""Reads of what-ifs, which are the ISO's alone."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.platform.accounts.rules import Viewer
from apps.settlement.what_if.models import WhatIf


def what_ifs(*, viewer: Viewer) -> QuerySet[WhatIf]:
    """Return what-ifs for the ISO; nobody else sees any."""
    rows = WhatIf.objects.select_related("base", "opened_by")
    return rows if viewer.is_iso else rows.none()
