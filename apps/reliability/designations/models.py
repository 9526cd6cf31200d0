"""Designations, RMR contracts with price and capacity by TAC area, and what was published."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from apps.platform.accounts.models import tracked
from apps.platform.accounts.terms import NOBODY_READS, open_table, wall
from apps.platform.audit.models import (
    Case,
    Term,
    append_only,
    case_triggers,
    exempt,
    second_person,
    term_constraints,
)
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact
from apps.reliability.designations.terms import (
    DESIGNATION_STATES,
    FINDING_STATES,
    NEEDS,
    PRICE_STATES,
    PROPOSAL_STATES,
    Backing,
    Nonperformance,
    ObligationType,
    Scope,
)

OWN_CONTRACTS = "(select contract_no from designations_rmrcontract)"  # itself behind the wall


def own_on(days: str) -> str:
    """Return SQL for rows of a resource that is the party's on some of the row's days."""
    return (
        "exists (select 1 from resources_scassociation a where a.resource_id = "
        f"{days.partition('.')[0]}.resource_id and upper_inf(a.known) and a.valid && {days})"
    )


wall("designations_rmrcontract", own_on("designations_rmrcontract.valid"))
wall(
    "designations_capacitypayload",
    "exists (select 1 from resources_scassociation a where a.resource_id = "
    "designations_capacitypayload.resource_id and upper_inf(a.known) "
    "and a.valid @> designations_capacitypayload.trade_date)",
)
wall(
    "designations_designation",
    "state in ('DESIGNATED', 'LAPSED', 'TERMINATED') and "
    + own_on("designations_designation.period"),
)
for _table in (
    "studyfinding",
    "contractproposal",
    "pricechange",
    "pmaxchange",
    "payloadpublication",
    "publicfact",
):
    wall(f"designations_{_table}", NOBODY_READS)
exempt("designations.CapacityPayload", "what was published of one day, append-only")
exempt("designations.PayloadPublication", "one act of publishing, append-only")
exempt("designations.DesignatedCapacity", "a view over contracts and designations")
open_table("designations_designatedcapacity", "a view that reads its tables as its reader does")
wall("designations_contractprice", f"contract_no in {OWN_CONTRACTS}")
wall("designations_capacitybytac", f"contract_no in {OWN_CONTRACTS}")


@tracked
class RmrContract(Term):
    """An RMR contract over a span of trade dates. Its vintage follows from its effective date."""

    contract_no = models.CharField("contract", max_length=40)
    resource = models.ForeignKey(
        "resources.Resource", on_delete=models.PROTECT, related_name="contracts"
    )
    effective_date = models.DateField("effective")
    condition = models.CharField(max_length=1, null=True)
    scope = models.CharField(max_length=6, choices=[(s.value, s.value) for s in Scope])
    local_area = models.ForeignKey(
        "resources.LocalArea", on_delete=models.PROTECT, null=True, related_name="+"
    )
    nonperformance = models.CharField(
        max_length=11, choices=[(n.value, n.value) for n in Nonperformance]
    )
    penalty = models.CharField("negotiated penalty", max_length=300, blank=True, default="")
    ferc_docket = models.CharField("FERC docket", max_length=40, blank=True, default="")
    ferc_approved_on = models.DateField("FERC approval", null=True)
    mw_override = models.CharField(
        "why MW differs from Pmax", max_length=300, blank=True, default=""
    )
    is_synthetic = models.BooleanField("synthetic", default=False)

    class Meta(Term.Meta):
        constraints = [
            *term_constraints("a_contract", "contract_no"),
            ExclusionConstraint(
                name="a_resource_has_one_rmr_contract_at_a_time",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("known", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="a_local_contract_names_its_area",
                condition=models.Q(scope="SYSTEM") | models.Q(local_area__isnull=False),
            ),
        ]


@tracked
class ContractPrice(Term):
    """The price of a contract over a span of trade dates."""

    contract_no = models.CharField("contract", max_length=40)
    price = QuantityField("USD_PER_MW_DAY")
    afrr = QuantityField("USD", "fixed revenue requirement", null=True)
    ferc_docket = models.CharField("FERC docket", max_length=40, blank=True, default="")
    ferc_approved_on = models.DateField("FERC approval", null=True)

    class Meta(Term.Meta):
        constraints = [
            *term_constraints("a_contract_price", "contract_no"),
            models.CheckConstraint(
                name="a_contract_price_is_above_zero", condition=models.Q(price__gt=0)
            ),
        ]


@tracked
class CapacityByTac(Term):
    """The megawatts of a contract in one TAC area for one obligation type."""

    contract_no = models.CharField("contract", max_length=40)
    tac_area = models.ForeignKey("resources.TacArea", on_delete=models.PROTECT, related_name="+")
    obligation_type = models.CharField(
        max_length=7, choices=[(o.value, o.value) for o in ObligationType]
    )
    mw = QuantityField("MW", "capacity")

    class Meta(Term.Meta):
        constraints = [
            *term_constraints("a_capacity", "contract_no", "tac_area", "obligation_type"),
            models.CheckConstraint(
                name="a_capacity_is_not_negative", condition=models.Q(mw__gte=0)
            ),
        ]


NEED_CHOICES = [(n.value, t) for n, t in NEEDS.items()]


@tracked
class StudyFinding(Case):
    """What a reliability study found about a resource that gave notice."""

    notice = models.ForeignKey(
        "retirements.RetirementNotice", on_delete=models.PROTECT, related_name="findings"
    )
    study = models.CharField(max_length=200)
    study_date = models.DateField("study of")
    needs = models.JSONField("needed for", default=list)
    need_mw = QuantityField("MW", "need", null=True)
    available_mw = QuantityField("MW", "available", null=True)
    note = models.CharField(max_length=500, blank=True)

    STATES = FINDING_STATES

    class Meta:
        verbose_name = "study finding"
        ordering = ("-study_date", "-id")
        triggers = case_triggers(FINDING_STATES)


@tracked
class Designation(Case):
    """A resource designated RMR under the new tariff for months of one RA year."""

    resource = models.ForeignKey(
        "resources.Resource", on_delete=models.PROTECT, related_name="designations"
    )
    notice = models.ForeignKey(
        "retirements.RetirementNotice", on_delete=models.PROTECT, related_name="designations"
    )
    finding = models.ForeignKey(StudyFinding, on_delete=models.PROTECT, related_name="designations")
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="renewals")
    need = models.CharField(max_length=6, choices=NEED_CHOICES)
    local_area = models.ForeignKey(
        "resources.LocalArea", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ra_year = models.PositiveSmallIntegerField("RA year")
    period = DateRangeField("days")
    effective_date = models.DateField("effective")
    contract_mw = QuantityField("MW", "contract MW")
    pmax_mw = QuantityField("MW", "Pmax", null=True)
    mw_override = models.CharField("why MW differs from Pmax", max_length=300, blank=True)
    conditional = models.BooleanField(default=False)
    board_date = models.DateField("board", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_synthetic = models.BooleanField("synthetic", default=False)

    STATES = DESIGNATION_STATES

    class Meta:
        ordering = ("-ra_year", "-id")
        triggers = case_triggers(DESIGNATION_STATES)
        constraints = [
            *second_person("a_designation", "DESIGNATED", "REJECTED"),
            ExclusionConstraint(
                name="a_resource_has_one_designation_at_a_time",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(state__in=["DESIGNATED", "TERMINATED"]),
            ),
        ]


class Proposal(Case):
    """A change that a second person decides."""

    contract_no = models.CharField("contract", max_length=40)
    first_date = models.DateField("first trade date")
    last_date = models.DateField("last trade date", null=True)
    ferc_docket = models.CharField("FERC docket", max_length=40, blank=True)
    ferc_approved_on = models.DateField("FERC approval", null=True)
    reference = models.CharField(max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = PROPOSAL_STATES

    class Meta:
        abstract = True
        triggers = case_triggers(PROPOSAL_STATES)


@tracked
class ContractProposal(Proposal):
    """Contract terms of a designation, proposed at the desk."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="proposals")
    price = QuantityField("USD_PER_MW_DAY", null=True)
    afrr = QuantityField("USD", "fixed revenue requirement", null=True)
    capacity = models.JSONField("MW by TAC area", default=list)
    nonperformance = models.CharField(
        max_length=11, choices=[(n.value, n.value) for n in Nonperformance]
    )
    penalty = models.CharField("negotiated penalty", max_length=300, blank=True)

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = "contract proposal"
        ordering = ("-opened_at", "-id")
        constraints = second_person("a_contract_proposal", "APPROVED", "REJECTED")


@tracked
class PriceChange(Proposal):
    """An approved price for trade dates, with what it publishes anew and what that costs whom."""

    price = QuantityField("USD_PER_MW_DAY")
    afrr = QuantityField("USD", "fixed revenue requirement", null=True)
    preview = models.JSONField(default=dict)
    republished = models.PositiveIntegerField("records re-published", null=True)

    STATES = PRICE_STATES

    class Meta(Proposal.Meta):
        abstract = False
        triggers = case_triggers(PRICE_STATES)
        verbose_name = "price change"
        ordering = ("-opened_at", "-id")
        constraints = [
            *second_person("a_price_change", "APPROVED", "REJECTED"),
            models.CheckConstraint(
                name="a_changed_price_is_above_zero", condition=models.Q(price__gt=0)
            ),
        ]


@tracked
class PmaxChange(Proposal):
    """A Pmax that FERC approved during a contract; it holds from ``first_date`` on (BRQ-0048)."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    pmax_mw = QuantityField("MW", "Pmax")
    pmax_before_mw = QuantityField("MW", "Pmax before")

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = "Pmax change"
        ordering = ("-opened_at", "-id")
        constraints = [
            *second_person("a_pmax_change", "APPROVED", "REJECTED"),
            models.CheckConstraint(
                name="a_pmax_change_has_its_ferc_approval",
                condition=~models.Q(ferc_docket="") & models.Q(ferc_approved_on__isnull=False),
            ),
        ]


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
