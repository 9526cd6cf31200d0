"""Outage cards: megawatts of a resource that are out from one moment to another."""

from __future__ import annotations

from django.db import models

from apps.accounts.terms import wall
from apps.audit.models import Case, case_triggers, tracked
from apps.outages.terms import NATURES, OUTAGE_STATES
from apps.ui.fields import QuantityField

wall(
    "outages_outagecard",
    "resource_id in (select resource_id from resources_scassociation where upper_inf(known))",
)


@tracked
class OutageCard(Case):
    """An outage as its SC or the ISO filed it."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    outage_type = models.CharField("type", max_length=7)
    nature = models.CharField("nature of work", max_length=50, choices=[(n, n) for n in NATURES])
    curtailed_mw = QuantityField("MW", "curtailed")
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("to", null=True)
    reason = models.CharField(max_length=300)
    cancelled_at = models.DateTimeField("cancelled", null=True)

    STATES = OUTAGE_STATES

    class Meta:
        verbose_name = "outage card"
        ordering = ("-starts_at", "-id")
        triggers = case_triggers(OUTAGE_STATES)
        constraints = [
            models.CheckConstraint(
                name="an_outage_ends_after_it_begins",
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="an_outage_curtails_something", condition=models.Q(curtailed_mw__gt=0)
            ),
        ]
        indexes = [models.Index(fields=["resource", "starts_at"], name="outages_of_a_resource")]
