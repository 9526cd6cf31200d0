"""What-ifs: a settled day calculated with something changed, apart from every result."""

from __future__ import annotations

from django.db import models

from apps.platform.accounts.codes import NOBODY_READS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers
from apps.settlement.what_if.codes import WHAT_IF_STATES

ROW_POLICIES.register(RowPolicy("what_if_whatif", NOBODY_READS))


@tracked
class WhatIf(Case):
    """What a run would have come to with changed inputs or parameters.

    ``outcome``: sums by SC and charge code and the lines that moved most, in cents; it is never a
    result, has no version, and no statement comes of it.
    """

    base = models.ForeignKey("runs.Run", on_delete=models.PROTECT, related_name="+")
    trade_date = models.DateField()
    title = models.CharField(max_length=120)
    changes = models.TextField(max_length=8000)
    outcome = models.JSONField()

    STATES = WHAT_IF_STATES

    class Meta:
        verbose_name = "what-if"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(WHAT_IF_STATES)

    def __str__(self) -> str:
        return f"what-if {self.pk}"
