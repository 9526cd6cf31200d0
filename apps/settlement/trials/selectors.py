"""Reads of trials, which are the ISO's alone."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.platform.accounts.rules import Viewer
from apps.settlement.trials.models import Trial


def trials(*, viewer: Viewer) -> QuerySet[Trial]:
    """Return trials for the ISO; nobody else sees any."""
    rows = Trial.objects.select_related("base", "opened_by")
    return rows if viewer.is_iso else rows.none()
