"""How far the site's clock stands from the machine's; without a row they are the same."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from apps.platform.accounts.hooks import OPEN_TABLES, OpenTable
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import append_only

OPEN_TABLES.register(OpenTable("clock_clocklead", "what time it is, shown to everybody"))
PLAIN_MODELS.register(PlainModel("clock.ClockLead", "moments of machine and site, append-only"))


class ClockLead(models.Model):
    """From ``set_at``, a moment of the machine, on the site's clock is ahead by this much.

    Negative where the simulated time lies in the past. The last row counts; none is changed.
    """

    ahead = models.DurationField()
    set_at = models.DateTimeField("set", db_default=Now())
    reason = models.CharField(max_length=200)

    class Meta:
        """The last one first."""

        ordering = ("-id",)
        triggers = append_only()
