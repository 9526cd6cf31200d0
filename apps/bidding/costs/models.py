"""Prices and inputs of calculated costs, adders, what a day's run calculated, and requests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models

from apps.bidding.costs.codes import IN_EFFECT, PROPOSAL_STATES, REQUEST_STATES, AdderKind, CostType
from apps.platform.accounts.codes import NOBODY_READS, OWN_PARTY
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import (
    Case,
    EffectiveDated,
    case_triggers,
    effective_dated_constraints,
    second_person,
)
from apps.platform.runs.models import Result, bulk_key
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact

OWN = "resource_id in (select resource_id from resources_scassociation where upper_inf(known))"
OWN_OR_PUBLIC = f"(resource_id is null or {OWN})"
for _table in ("fuelregion", "fuelprice", "allowanceprice", "referenceunit", "referencepoint"):
    OPEN_TABLES.register(OpenTable(f"costs_{_table}", "published prices, regions and model data"))
OPEN_TABLES.register(OpenTable("costs_regionscalar", "volatility scalars hold for everybody"))
ROW_POLICIES.register(RowPolicy("costs_costrate", OWN_OR_PUBLIC))
ROW_POLICIES.register(RowPolicy("costs_commitmentinput", OWN))
ROW_POLICIES.register(RowPolicy("costs_costadder", OWN))
ROW_POLICIES.register(RowPolicy("costs_adderproposal", OWN))
ROW_POLICIES.register(RowPolicy("costs_regionproposal", NOBODY_READS))
for _table in ("debsegment", "transitioncost", "commitmentcostline", "costviolation"):
    ROW_POLICIES.register(RowPolicy(f"costs_{_table}", OWN_OR_PUBLIC))
ROW_POLICIES.register(RowPolicy("costs_referencelevelrequest", f"sc_id = {OWN_PARTY}"))


def resource_key(*, null: bool = False) -> models.ForeignKey[Any, Any]:
    """Return the foreign key to a resource."""
    return models.ForeignKey(
        "resources.Resource", on_delete=models.PROTECT, related_name="+", null=null
    )


class FuelRegion(Fact):
    """A gas price index fuel region: its pricing hub and what is added to it."""

    region = models.CharField("fuel region", max_length=20)
    hub = models.CharField("pricing hub", max_length=60, null=True)
    transportation = models.TextField("transportation cost", null=True)
    reimbursement = models.TextField("fuel reimbursement rate", null=True)
    ghg_credit = models.CharField("cap & trade credit", max_length=1, null=True)
    miscellaneous = models.TextField("miscellaneous costs", null=True)
    authority = models.CharField("balancing authority", max_length=20, null=True)

    class Meta(Fact.Meta):
        abstract = False


class FuelPrice(Fact):
    """The price of a fuel index; it holds from its date until the next one."""

    index = models.CharField(max_length=60)
    price_date = models.DateField("of")
    price = QuantityField("USD_PER_MMBTU")

    class Meta(Fact.Meta):
        abstract = False
        indexes = [models.Index(fields=["index", "price_date"], name="fuel_price_by_day")]


class AllowancePrice(Fact):
    """The price of a greenhouse gas allowance from a day on."""

    price_date = models.DateField("from")
    price = QuantityField("USD_PER_TONNE")
    reserve = QuantityField("USD_PER_TONNE", "reserve price", null=True)
    auction = models.CharField(max_length=40, null=True)

    class Meta(Fact.Meta):
        abstract = False


class CostRate(Fact):
    """A rate from a day on: GMC, VOM or power, of one resource or of all."""

    rate = models.CharField(max_length=10)
    resource = resource_key(null=True)
    effective_date = models.DateField("from")
    amount = QuantityField("USD_PER_MWH")

    class Meta(Fact.Meta):
        abstract = False


class CommitmentInput(Fact):
    """What a start or transition burns, how a resource emits, and its cost basis."""

    resource = resource_key()
    config = models.CharField("configuration", max_length=40, blank=True)
    to_config = models.CharField("to configuration", max_length=40, blank=True)
    fuel = QuantityField("MMBTU", "fuel of a start or transition", null=True)
    power_mwh = QuantityField("MWH", "auxiliary power of a start", null=True)
    min_load_heat_rate = QuantityField("BTU_PER_KWH", "heat rate at Pmin", null=True)
    emission = QuantityField("TONNE_PER_MMBTU", "emission rate", null=True)
    ghg_obligation = models.CharField("GHG obligation", max_length=1)
    startup_basis = models.CharField("start-up basis", max_length=10)
    min_load_basis = models.CharField("minimum load basis", max_length=10)

    class Meta(Fact.Meta):
        abstract = False


class ReferenceUnit(Fact):
    """A unit of a published heat-rate file: model data, no resource of ours."""

    source = models.CharField(max_length=8)
    unit = models.CharField(max_length=80)
    resource = resource_key(null=True)
    kind = models.CharField("technology", max_length=60, null=True)
    index = models.CharField("fuel index", max_length=60, null=True)
    capacity_mw = QuantityField("MW", "capacity", null=True)
    vom = QuantityField("USD_PER_MWH", "VOM", null=True)
    note = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        abstract = False


class ReferencePoint(Fact):
    """A point of a published heat-rate curve."""

    source = models.CharField(max_length=8)
    unit = models.CharField(max_length=80)
    point_no = models.PositiveSmallIntegerField("point")
    mw = QuantityField("MW", "output")
    heat_rate = QuantityField("BTU_PER_KWH", "average heat rate")

    class Meta(Fact.Meta):
        abstract = False


@tracked
class CostAdder(EffectiveDated):
    """A negotiated or calculated adder of a resource, configuration or transition."""

    resource = resource_key()
    kind = models.CharField("adder", max_length=13, choices=[(k.value, k.value) for k in AdderKind])
    config = models.CharField("configuration", max_length=40, blank=True)
    to_config = models.CharField("to configuration", max_length=40, blank=True)
    amount = QuantityField("COST")
    unit = models.CharField(max_length=14)
    origin = models.CharField(max_length=10)

    class Meta(EffectiveDated.Meta):
        abstract = False
        constraints = effective_dated_constraints(
            "a_cost_adder", "resource", "kind", "config", "to_config"
        )


@tracked
class RegionScalar(EffectiveDated):
    """A fuel region's own index and volatility scalar (BRQ-0092)."""

    region = models.CharField("fuel region", max_length=20)
    index = models.CharField("fuel index", max_length=60)
    volatility = QuantityField("SHARE", "volatility scalar")

    class Meta(EffectiveDated.Meta):
        abstract = False
        constraints = effective_dated_constraints("a_region_scalar", "region")


class CostProposal(Case):
    """A change of the costs desk that a second person decides."""

    first_date = models.DateField("from trade date")
    last_date = models.DateField("to trade date", null=True)
    reference = models.CharField(max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = PROPOSAL_STATES

    class Meta:
        abstract = True
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(PROPOSAL_STATES)


@tracked
class AdderProposal(CostProposal):
    """A cost adder as proposed."""

    resource = resource_key()
    kind = models.CharField("adder", max_length=13, choices=[(k.value, k.value) for k in AdderKind])
    config = models.CharField("configuration", max_length=40, blank=True)
    to_config = models.CharField("to configuration", max_length=40, blank=True)
    amount = QuantityField("COST")
    origin = models.CharField(max_length=10)

    class Meta(CostProposal.Meta):
        abstract = False
        verbose_name = "cost adder proposal"
        constraints = second_person("an_adder", "APPROVED", "REJECTED")


@tracked
class RegionProposal(CostProposal):
    """A fuel region, new or changed, as proposed."""

    region = models.CharField("fuel region", max_length=20)
    index = models.CharField("fuel index", max_length=60)
    volatility = QuantityField("SHARE", "volatility scalar")

    class Meta(CostProposal.Meta):
        abstract = False
        verbose_name = "fuel region proposal"
        constraints = second_person("a_region", "APPROVED", "REJECTED")


class DebSegment(Result):
    """A step of a default energy bid with every part of its price."""

    run = models.ForeignKey("runs.Run", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.CharField("resource or unit", max_length=80)
    resource = bulk_key("resources.Resource", null=True)
    source = models.CharField(max_length=8)
    config = models.CharField("configuration", max_length=40, blank=True)
    vintage = models.CharField("RMR", max_length=6, blank=True)
    segment_no = models.PositiveSmallIntegerField("segment")
    from_mw = QuantityField("MW", "from")
    to_mw = QuantityField("MW", "to")
    heat_rate = QuantityField("BTU_PER_KWH", "incremental heat rate", null=True)
    fuel = QuantityField("USD_PER_MWH", "fuel")
    ghg = QuantityField("USD_PER_MWH", "GHG")
    gmc = QuantityField("USD_PER_MWH", "GMC")
    vom = QuantityField("USD_PER_MWH", "VOM")
    oc = QuantityField("USD_PER_MWH", "opportunity cost")
    scalar = QuantityField("SHARE", "scalar")
    before = QuantityField("USD_PER_MWH", "before adjustment")
    deb = QuantityField("USD_PER_MWH", "exact")
    published = QuantityField("USD_PER_MWH", "default energy bid")
    adjusted = models.BooleanField("raised")
    fuel_index = models.CharField(max_length=60, blank=True)
    fuel_price = QuantityField("USD_PER_MMBTU", "fuel price", null=True)
    fuel_price_date = models.DateField("fuel price of", null=True)
    emission = QuantityField("TONNE_PER_MMBTU", "emission rate", null=True)
    allowance = QuantityField("USD_PER_TONNE", "allowance price", null=True)
    stale = models.BooleanField("stale price")

    class Meta(Result.Meta):
        abstract = False
        indexes = [models.Index(fields=["run", "unit"], name="debs_of_a_unit")]


class TransitionCost(Result):
    """An upward transition of a multi-stage resource and its calculated MMA cost."""

    resource = bulk_key("resources.Resource")
    unit = models.CharField("resource", max_length=80)
    from_config = models.CharField("from", max_length=40)
    to_config = models.CharField("to", max_length=40)
    from_pmax = QuantityField("MW", "Pmax from")
    to_pmax = QuantityField("MW", "Pmax to")
    mma_from = QuantityField("COST", "MMA start-up from", null=True)
    mma_to = QuantityField("COST", "MMA start-up to", null=True)
    mma = QuantityField("COST", "MMA transition", null=True)
    broadcast = models.BooleanField()

    class Meta(Result.Meta):
        abstract = False


class CommitmentCostLine(Result):
    """A proxy cost of a start, an hour at minimum load, or a transition, by its parts."""

    resource = bulk_key("resources.Resource")
    unit = models.CharField("resource", max_length=80)
    cost_type = models.CharField(
        "cost", max_length=10, choices=[(t.value, t.value) for t in CostType]
    )
    config = models.CharField("configuration", max_length=40, blank=True)
    to_config = models.CharField("to configuration", max_length=40, blank=True)
    fuel = QuantityField("COST", "fuel")
    ghg = QuantityField("COST", "GHG")
    power = QuantityField("COST", "power")
    om = QuantityField("COST", "O&M and GMC")
    mma = QuantityField("COST", "MMA")
    oc = QuantityField("COST", "opportunity cost")
    amount = QuantityField("USD", "proxy cost")

    class Meta(Result.Meta):
        abstract = False


class CostViolation(Result):
    """What a run could not calculate, or calculated with a remark; the others went on."""

    unit = models.CharField("resource or unit", max_length=80)
    resource = resource_key(null=True)
    code = models.CharField(max_length=20)
    severity = models.CharField(max_length=8)
    message = models.CharField("what", max_length=300)

    class Meta(Result.Meta):
        abstract = False


@tracked
class ReferenceLevelRequest(Case):
    """An SC asks for another reference level, before the market or after (CCDEBE).

    ``decided_at``: the moment since which a granted one is known.
    """

    resource = resource_key()
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    timing = models.CharField(max_length=8)
    trade_date = models.DateField()
    market = models.CharField(max_length=2)
    first_hour = models.PositiveSmallIntegerField("from hour ending")
    last_hour = models.PositiveSmallIntegerField("to hour ending")
    cost_type = models.CharField("cost", max_length=10)
    config = models.CharField("configuration", max_length=40, blank=True)
    at_mw = QuantityField("MW", "at", null=True)
    requested = QuantityField("COST", "requested")
    threshold = QuantityField("COST", "threshold", null=True)
    approved = QuantityField("COST", "approved", null=True)
    unit = models.CharField(max_length=14)
    reason = models.CharField(max_length=500)
    outcome = models.CharField("why so", max_length=500, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("decided", null=True)

    STATES = REQUEST_STATES

    class Meta:
        verbose_name = "reference level request"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(REQUEST_STATES)
        constraints = [
            *second_person("a_reference_level", "APPROVED", "PARTLY_APPROVED", "REFUSED"),
            models.CheckConstraint(
                name="a_reference_level_in_effect_says_since_when",
                condition=~models.Q(state__in=IN_EFFECT) | models.Q(decided_at__isnull=False),
            ),
        ]

    @property
    def granted(self) -> Decimal:
        """The cost approved; raises LookupError where none is."""
        if self.approved is None:
            raise LookupError(f"Request no. {self.pk} has no approved cost.")
        return self.approved
