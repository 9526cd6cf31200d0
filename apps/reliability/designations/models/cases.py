"""Cases of the designations desk: study findings, designations, and changes two people make."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers, second_person
from apps.platform.ui.fields import QuantityField
from apps.reliability.designations.codes import (
    DESIGNATION_STATES,
    FINDING_STATES,
    NEEDS,
    PRICE_STATES,
    PROPOSAL_STATES,
    Nonperformance,
)
from apps.reliability.designations.models.contracts import own_on

ROW_POLICIES.register(
    RowPolicy(
        "designations_designation",
        "state in ('DESIGNATED', 'LAPSED', 'TERMINATED') and "
        + own_on("designations_designation.period"),
    )
)
for _table in (
    "studyfinding",
    "contractproposal",
    "pricechange",
    "pmaxchange",
):
    ROW_POLICIES.register(RowPolicy(f"designations_{_table}", NOBODY_READS))


# an approved ending of the designation on its new last day, or a lapse of it or one that it renews
ENDED_BY_TWO = """
    IF NOT EXISTS (
        WITH RECURSIVE chain AS (
            SELECT NEW.id AS id, NEW.renews_id AS before
            UNION ALL
            SELECT d.id, d.renews_id FROM designations_designation d
              JOIN chain c ON d.id = c.before
        )
        SELECT 1 FROM designations_designationending e JOIN chain c ON c.id = e.designation_id
         WHERE e.state = 'APPROVED' AND (
               (NEW.state = 'LAPSED' AND e.kind = 'LAPSE')
               OR (NEW.state = 'TERMINATED' AND e.designation_id = NEW.id
                   AND e.last_day + 1 = upper(NEW.period)))
    ) THEN
        RAISE EXCEPTION 'A designation ends by two people: it has no approved ending.';
    END IF;
    RETURN NEW;
"""
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
        triggers = (
            *case_triggers(DESIGNATION_STATES),
            pgtrigger.Trigger(
                name="ends_by_two_people",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.state IN ('LAPSED', 'TERMINATED') AND "
                    "(OLD.state <> NEW.state OR OLD.period <> NEW.period)"
                ),
                func=ENDED_BY_TWO,
            ),
        )
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
