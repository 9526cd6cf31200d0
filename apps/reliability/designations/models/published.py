"""What was published of contracts: payloads, facts of public record, designated capacity."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import append_only
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact
from apps.reliability.designations.codes import Backing, ObligationType
from apps.reliability.designations.models.cases import NEED_CHOICES, Designation, PriceChange

ROW_POLICIES.register(
    RowPolicy(
        "designations_capacitypayload",
        "exists (select 1 from resources_scassociation a where a.resource_id = "
        "designations_capacitypayload.resource_id and upper_inf(a.known) "
        "and a.valid @> designations_capacitypayload.trade_date)",
    )
)
ROW_POLICIES.register(RowPolicy("designations_payloadpublication", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("designations_publicfact", NOBODY_READS))
PLAIN_MODELS.register(
    PlainModel("designations.CapacityPayload", "what was published of one day, append-only")
)
PLAIN_MODELS.register(
    PlainModel("designations.PayloadPublication", "one act of publishing, append-only")
)
PLAIN_MODELS.register(
    PlainModel("designations.DesignatedCapacity", "a view over contracts and designations")
)
OPEN_TABLES.register(
    OpenTable("designations_designatedcapacity", "a view that reads its tables as its reader does")
)


class PayloadPublication(models.Model):
    """One act of publishing reliability capacity payloads."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=300)
    price_change = models.ForeignKey(
        PriceChange, on_delete=models.PROTECT, null=True, related_name="publications"
    )
    records = models.PositiveIntegerField()

    class Meta:
        ordering = ("-at", "-id")
        triggers = append_only()


class CapacityPayload(models.Model):
    """What settlements were told of one resource, trade date, TAC area and obligation type."""

    publication = models.ForeignKey(
        PayloadPublication, on_delete=models.PROTECT, related_name="payloads"
    )
    contract_no = models.CharField("contract", max_length=40)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    trade_date = models.DateField()
    tac_area = models.ForeignKey("resources.TacArea", on_delete=models.PROTECT, related_name="+")
    obligation_type = models.CharField(
        max_length=7, choices=[(o.value, o.value) for o in ObligationType]
    )
    contract_start = models.DateField()
    contract_end = models.DateField()
    price = QuantityField("USD_PER_MW_DAY")
    mw = QuantityField("MW", "capacity")
    version = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("-trade_date", "resource_id", "tac_area_id", "obligation_type", "-version")
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "trade_date", "tac_area", "obligation_type", "version"],
                name="a_payload_is_numbered_once",
            ),
            models.CheckConstraint(name="a_payload_has_a_price", condition=models.Q(price__gt=0)),
        ]
        indexes = [
            models.Index(fields=["contract_no", "trade_date"], name="payloads_of_a_contract")
        ]


class PublicFact(Fact):
    """One fact of public record about an RMR resource, and what the desk makes of it."""

    fact_id = models.CharField("fact", max_length=10)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    resource_name = models.CharField(max_length=120)
    event = models.CharField(max_length=200)
    event_date = models.CharField("date", max_length=10)
    period_start = models.DateField("from", null=True)
    period_end = models.DateField("to", null=True)
    need = models.CharField(max_length=20, null=True)
    local_area = models.CharField(max_length=120, null=True)
    quantity = models.CharField(max_length=120, null=True)
    value = models.CharField(max_length=40, null=True)
    unit = models.CharField(max_length=20, null=True)
    docket = models.CharField(max_length=40, null=True)
    note = models.CharField(max_length=300, null=True)
    source_url = models.CharField("page", max_length=300)

    class Meta(Fact.Meta):
        abstract = False


class DesignatedCapacity(models.Model):
    """RMR capacity of an RA year: days of a contract, or of a designation without terms."""

    key = models.CharField(max_length=80, primary_key=True)
    resource = models.ForeignKey("resources.Resource", on_delete=models.DO_NOTHING)
    ra_year = models.PositiveSmallIntegerField("RA year")
    period = DateRangeField("term")
    status = models.CharField(max_length=30, choices=[(s.value, s.value) for s in Backing])
    need = models.CharField(max_length=6, choices=NEED_CHOICES)
    area = models.CharField("local area", max_length=40)
    contract_mw = QuantityField("MW", "MW", null=True)
    nqc_mw = QuantityField("MW", "NQC", null=True)
    efc_mw = QuantityField("MW", "EFC", null=True)
    price = QuantityField("USD_PER_MW_DAY", null=True)
    cost = QuantityField("USD", "cost of the days", null=True)
    contract_no = models.CharField("contract", max_length=40, null=True)
    designation = models.ForeignKey(Designation, on_delete=models.DO_NOTHING, null=True)
    effective_date = models.DateField("effective")
    nonperformance = models.CharField(max_length=11, null=True)
    is_synthetic = models.BooleanField("synthetic")

    class Meta:
        managed = False
        db_table = "designations_designatedcapacity"
