"""Assessment hours by date, and availability by resource, RA type and hour."""

from __future__ import annotations

from django.db import models

from apps.adequacy.availability.codes import TYPES
from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.runs.models import Result
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact

OPEN_TABLES.register(OpenTable("availability_assessmenthours", "hours that hold for everybody"))
ROW_POLICIES.register(RowPolicy("availability_availabilityhour", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("availability_availabilitynote", f"sc_id = {OWN_PARTY}"))


class AssessmentHours(Fact):
    """Which hours RAAIM assesses, by RA type, flexible category and date."""

    ra_type = models.CharField("RA type", max_length=7)
    category = models.PositiveSmallIntegerField("category", null=True)
    first_date = models.DateField("from")
    last_date = models.DateField("to", null=True)
    first_he = models.PositiveSmallIntegerField("first hour ending")
    last_he = models.PositiveSmallIntegerField("last hour ending")
    day_rule = models.CharField("days", max_length=20)
    source = models.CharField(max_length=300)

    class Meta(Fact.Meta):
        abstract = False


class OfResource(Result):
    """A row of a resource, of its SC of the day."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    unit = models.CharField("resource", max_length=40)
    sc = models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="SC"
    )
    ra_type = models.CharField("RA type", max_length=7, choices=list(TYPES.items()))

    class Meta(Result.Meta):
        abstract = True


class AvailabilityHour(OfResource):
    """What a resource owed in an assessed hour, and what of it was curtailed (BRQ-1215)."""

    category = models.PositiveSmallIntegerField("category", null=True)
    source = models.CharField("of", max_length=24)
    hour_ending = models.PositiveSmallIntegerField()
    pmax_mw = QuantityField("MW", "Pmax")
    obligation_mw = QuantityField("MW", "obligation")
    curtailed_mw = QuantityField("MW", "curtailed")
    exempt_mw = QuantityField("MW", "exempt")
    substituted_mw = QuantityField("MW", "substituted")

    class Meta(OfResource.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["resource", "trade_date"], name="availability_of_a_resource")
        ]


class AvailabilityNote(OfResource):
    """A resource that is not measured on a day, and why."""

    code = models.CharField("why", max_length=24)
    message = models.CharField("in a sentence", max_length=200)

    class Meta(OfResource.Meta):
        abstract = False
