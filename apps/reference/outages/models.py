"""Outage cards: megawatts of a resource that are out from one moment to another."""

from __future__ import annotations

from django.db import models

from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact
from apps.reference.outages.codes import NATURES, OUTAGE_STATES

ROW_POLICIES.register(
    RowPolicy(
        "outages_outagecard",
        "resource_id in (select resource_id from resources_scassociation where upper_inf(known))",
    )
)
OPEN_TABLES.register(
    OpenTable("outages_reportedoutage", "the public report of curtailed generators")
)
OPEN_TABLES.register(OpenTable("outages_natureofwork", "rules that hold for everybody"))


class ReportedOutage(Fact):
    """A segment of an outage in the public report; concurrent ones add up.

    The newest report that names outage, resource and start holds; see ``outages.selectors``.
    """

    mrid = models.CharField("outage", max_length=40)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    outage_type = models.CharField("type", max_length=7)
    nature = models.CharField("nature of work", max_length=50)
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("to", null=True)
    curtailed_mw = QuantityField("MW", "curtailed")
    pmax_mw = QuantityField("MW", "Pmax", null=True)
    nqc_mw = QuantityField("MW", "NQC", null=True)
    printed_from = models.CharField("from, as printed", max_length=16)
    printed_to = models.CharField("to, as printed", max_length=16, null=True)

    class Meta(Fact.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["resource", "starts_at"], name="reported_of_a_resource"),
            models.Index(fields=["mrid"], name="reported_by_mrid"),
        ]


class NatureOfWork(Fact):
    """Whether RAAIM exempts a nature of work, and whether it wants a substitute, by date."""

    code = models.CharField("nature of work", max_length=50)
    outage_type = models.CharField("type", max_length=7)
    raaim_exempt = models.BooleanField("RAAIM exempt")
    substitution = models.BooleanField("substitution required")
    first_date = models.DateField("from")
    last_date = models.DateField("to", null=True)
    source = models.CharField(max_length=300)

    class Meta(Fact.Meta):
        abstract = False


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
    mrid = models.CharField("OMS outage", max_length=40, blank=True, default="")
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
