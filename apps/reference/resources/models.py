"""Resources, the areas they are in, and what is on file about them."""

from __future__ import annotations

from django.db import models

from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import EffectiveDated, append_only, effective_dated_constraints
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact
from apps.reference.resources.codes import PUBLIC_NQC

OWN_RESOURCES = "(select resource_id from resources_scassociation)"  # itself under a row policy
ROW_POLICIES.register(RowPolicy("resources_scassociation", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("resources_resourceattributes", f"resource_id in {OWN_RESOURCES}"))
ROW_POLICIES.register(
    RowPolicy("resources_effectiveflexiblecapacity", f"resource_id in {OWN_RESOURCES}")
)
ROW_POLICIES.register(
    RowPolicy(
        "resources_netqualifyingcapacity",
        f"resource_id in {OWN_RESOURCES} or dataset_version_id in "
        f"(select id from uploads_datasetversion where dataset = '{PUBLIC_NQC.name}')",
    )
)
OPEN_TABLES.register(OpenTable("resources_tacarea", "public"))
OPEN_TABLES.register(OpenTable("resources_localarea", "public"))
OPEN_TABLES.register(
    OpenTable(
        "resources_resource", "the public IDs of resources; what is known of them stands apart"
    )
)
OPEN_TABLES.register(OpenTable("resources_capabilitylisting", "the public capability list"))
OPEN_TABLES.register(
    OpenTable("resources_nqcbymonth", "what public outage reports printed of every resource")
)
OPEN_TABLES.register(OpenTable("resources_nqclistentry", "the public NQC list"))
OPEN_TABLES.register(OpenTable("resources_formerresourceid", "public IDs of resources"))

PLAIN_MODELS.register(PlainModel("resources.TacArea", "reference data of the release"))
PLAIN_MODELS.register(PlainModel("resources.LocalArea", "reference data of the release"))
PLAIN_MODELS.register(
    PlainModel("resources.Resource", "an identity; what is known of it are Terms and Facts")
)


class TacArea(models.Model):
    """A transmission access charge area, the areas load is counted in."""

    code = models.CharField("TAC area", max_length=12, unique=True)
    name = models.CharField(max_length=80)
    alias = models.CharField(max_length=12, blank=True)
    pto = models.CharField("PTO", max_length=12, blank=True)
    access_charge = models.BooleanField(default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class LocalArea(models.Model):
    """A local capacity area and the TAC area it lies in."""

    code = models.CharField("local area", max_length=20, unique=True)
    name = models.CharField(max_length=80)
    tac_area = models.ForeignKey(TacArea, on_delete=models.PROTECT, related_name="local_areas")

    class Meta:
        ordering = ("code",)


class Resource(models.Model):
    """A resource by its ID, which may hold blanks."""

    code = models.CharField("resource ID", max_length=40, unique=True)

    class Meta:
        ordering = ("code",)
        triggers = append_only()

    def __str__(self) -> str:
        return self.code


@tracked
class ResourceAttributes(EffectiveDated):
    """What the Master File says of a resource over a span of trade dates."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="attributes")
    name = models.CharField(max_length=120)
    pmax_mw = QuantityField("MW", "Pmax")
    pmin_mw = QuantityField("MW", "Pmin", null=True)
    tac_area = models.ForeignKey(TacArea, on_delete=models.PROTECT, related_name="+")
    local_area = models.ForeignKey(LocalArea, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(EffectiveDated.Meta):
        constraints = effective_dated_constraints("a_resource_attribute", "resource")


@tracked
class ScAssociation(EffectiveDated):
    """Which scheduling coordinator a resource belongs to, by trade date."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="associations")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")

    class Meta(EffectiveDated.Meta):
        constraints = effective_dated_constraints("an_association", "resource")


class CapabilityListing(Fact):
    """One row of the public generating capability list."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="listings")
    as_of_date = models.DateField("as of")
    unit_name = models.CharField("unit", max_length=120, null=True)
    agg_type = models.CharField("aggregate member", max_length=3, null=True)
    parent_id = models.CharField("parent", max_length=40, null=True)
    resource_type = models.CharField("type", max_length=20, null=True)
    net_dependable_mw = QuantityField("MW", "net dependable", null=True)
    nameplate_mw = QuantityField("MW", "nameplate", null=True)
    pto_area = models.CharField("PTO area", max_length=20, null=True)
    unit_type = models.CharField(max_length=40, null=True)
    energy_source = models.CharField(max_length=40, null=True)
    zone = models.CharField(max_length=10, null=True)
    commercial_date = models.DateField("COD", null=True)
    classification = models.CharField(max_length=120, null=True)
    qf = models.CharField("QF", max_length=3, null=True)
    river_system = models.CharField(max_length=120, null=True)
    baa_id = models.CharField("BAA", max_length=20, null=True)
    udc = models.CharField("UDC", max_length=20, null=True)

    class Meta(Fact.Meta):
        abstract = False


class NqcListEntry(Fact):
    """One row of the public NQC list, less its months."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="nqc_entries")
    ra_year = models.PositiveSmallIntegerField("RA year")
    generator_name = models.CharField(max_length=120, null=True)
    path_designation = models.CharField(max_length=20, null=True)
    local_area = models.CharField(max_length=60, null=True)
    dispatchable = models.CharField(max_length=10, null=True)
    deliverability = models.CharField("deliverability status", max_length=20, null=True)
    deliverable_mw = models.CharField("deliverability MW", max_length=20, null=True)
    comments = models.CharField(max_length=300, null=True)

    class Meta(Fact.Meta):
        abstract = False


class NetQualifyingCapacity(Fact):
    """NQC of one resource for one month, from the public list or an RMR upload."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="nqcs")
    ra_year = models.PositiveSmallIntegerField("RA year")
    ra_month = models.PositiveSmallIntegerField("RA month")
    nqc_mw = QuantityField("MW", "NQC")
    local_area = models.ForeignKey(LocalArea, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["dataset_version", "resource", "ra_month"], name="one_nqc_a_month"
            ),
            models.CheckConstraint(
                name="an_nqc_month_is_a_month", condition=models.Q(ra_month__range=(1, 12))
            ),
        ]


class EffectiveFlexibleCapacity(Fact):
    """EFC and flexible category of one resource for one month: the EFC list."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="efcs")
    ra_year = models.PositiveSmallIntegerField("RA year")
    ra_month = models.PositiveSmallIntegerField("RA month")
    efc_mw = QuantityField("MW", "EFC")
    flex_category = models.PositiveSmallIntegerField("flexible category", null=True)

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["dataset_version", "resource", "ra_month"], name="one_efc_a_month"
            ),
            models.CheckConstraint(
                name="efc_above_zero_has_a_category",
                condition=models.Q(efc_mw=0, flex_category__isnull=True)
                | models.Q(efc_mw__gt=0, flex_category__in=[1, 2, 3]),
            ),
        ]


class NqcByMonth(Fact):
    """NQC and Pmax of a resource and month as public outage reports printed them.

    ``holds``: of several rows of one month, the one seen last.
    """

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    resource_name = models.CharField("name", max_length=120, null=True)
    ra_year = models.PositiveSmallIntegerField("RA year")
    ra_month = models.PositiveSmallIntegerField("RA month")
    pmax_mw = QuantityField("MW", "Pmax")
    nqc_mw = QuantityField("MW", "NQC")
    first_seen = models.DateField()
    last_seen = models.DateField()
    outage_rows = models.PositiveIntegerField()
    holds = models.BooleanField()

    class Meta(Fact.Meta):
        abstract = False
        indexes = [models.Index(fields=["resource", "ra_year", "ra_month"], name="nqc_of_a_month")]


class FormerResourceId(Fact):
    """An ID that a resource had before it was renamed; no rows stand under it here."""

    former_id = models.CharField("former ID", max_length=40)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    renamed_on = models.DateField("renamed")
    reason = models.CharField(max_length=300)

    class Meta(Fact.Meta):
        abstract = False
