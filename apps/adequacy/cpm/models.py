"""Solicitations, offers, designations, prices and reports of CPM."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from apps.adequacy.cpm.codes import (
    DESIGNATION_STATES,
    OFFER_STATES,
    PRICE_STATES,
    REASONS,
    SOLICITATION_STATES,
    SOLICITATIONS,
    TYPES,
)
from apps.platform.accounts.codes import NOBODY_READS, OWN_PARTY
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import (
    Case,
    EffectiveDated,
    append_only,
    case_triggers,
    effective_dated_constraints,
    second_person,
)
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact

OPEN_TABLES.register(
    OpenTable("cpm_solicitation", "a solicitation is open to every SC; offers stand apart")
)
OPEN_TABLES.register(OpenTable("cpm_cpmreport", "reports posted on the public site"))
OPEN_TABLES.register(OpenTable("cpm_cpmfact", "facts of public record"))
ROW_POLICIES.register(RowPolicy("cpm_cpmoffer", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(
    RowPolicy("cpm_cpmdesignation", f"sc_id = {OWN_PARTY} and state <> 'PROPOSED'")
)
ROW_POLICIES.register(RowPolicy("cpm_cpmdeficiency", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(
    RowPolicy("cpm_cpmprice", "designation_id in (select id from cpm_cpmdesignation)")
)
ROW_POLICIES.register(RowPolicy("cpm_cpmpricechange", NOBODY_READS))
PLAIN_MODELS.register(PlainModel("cpm.CpmReport", "what was posted to the public, append-only"))


def _decided() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


@tracked
class Solicitation(Case):
    """The ISO asks for offers to meet a need."""

    kind = models.CharField("solicitation", max_length=13, choices=list(SOLICITATIONS.items()))
    type = models.CharField("designation type", max_length=20, choices=list(TYPES.items()))
    reason = models.CharField(max_length=15, choices=list(REASONS.items()))
    first_date = models.DateField("from")
    last_date = models.DateField("to")
    need_mw = QuantityField("MW", "need")
    local_area = models.ForeignKey(
        "resources.LocalArea", on_delete=models.PROTECT, null=True, related_name="+"
    )
    closes_at = models.DateTimeField("closes")
    text = models.CharField("what for", max_length=500)
    selection = models.JSONField(default=dict)
    selected_on = models.DateField("selected", null=True)
    selected_by = _decided()
    decided_by = _decided()

    STATES = SOLICITATION_STATES

    class Meta:
        verbose_name = "solicitation"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(SOLICITATION_STATES)
        constraints = [
            *second_person("a_solicitation", "DESIGNATED"),
            models.CheckConstraint(
                name="who_selects_does_not_approve",
                condition=~models.Q(state="DESIGNATED", decided_by=models.F("selected_by")),
            ),
        ]


@tracked
class CpmOffer(Case):
    """What an SC offers into a solicitation."""

    solicitation = models.ForeignKey(Solicitation, on_delete=models.PROTECT, related_name="offers")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    mw = QuantityField("MW", "offered")
    price = QuantityField("USD_PER_KW_MONTH", "price")
    cap = QuantityField("USD_PER_KW_MONTH", "soft-offer cap")
    docket = models.CharField("FERC docket", max_length=40, blank=True)
    gffc = QuantityField("USD_PER_KW_MONTH", "going-forward fixed cost", null=True)
    adder = QuantityField("SHARE", "adder", null=True)
    approved_price = QuantityField("USD_PER_KW_MONTH", "approved price", null=True)
    approved_on = models.DateField("approved", null=True)
    effectiveness = QuantityField("SHARE", "effectiveness")
    taken_mw = QuantityField("MW", "selected", null=True)

    STATES = OFFER_STATES

    class Meta:
        verbose_name = "CPM offer"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(OFFER_STATES)

    @property
    def paid(self) -> Any:
        """The price it would be paid: as bid, above the cap as approved; None until then."""
        return self.price if self.price <= self.cap else self.approved_price


@tracked
class CpmDesignation(Case):
    """Capacity designated by CPM, or offered to be."""

    offer = models.ForeignKey(CpmOffer, on_delete=models.PROTECT, null=True, related_name="+")
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=20, choices=list(TYPES.items()))
    reason = models.CharField(max_length=15, choices=list(REASONS.items()))
    part = models.CharField(max_length=7, default="GENERIC")
    mw = QuantityField("MW", "designated")
    first_date = models.DateField("from")
    last_date = models.DateField("to")
    selected_on = models.DateField("selected", null=True)
    report_due = models.DateField("report due", null=True)
    report_posted_at = models.DateTimeField("report posted", null=True)
    designated_at = models.DateTimeField("designated", null=True)
    text = models.CharField("what for", max_length=500)
    decided_by = _decided()

    STATES = DESIGNATION_STATES

    class Meta:
        verbose_name = "CPM designation"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(DESIGNATION_STATES)
        constraints = [
            *second_person("a_cpm_offer", "OFFERED"),
            models.CheckConstraint(
                name="a_cpm_ends_after_it_begins",
                condition=models.Q(last_date__gte=models.F("first_date")),
            ),
        ]


@tracked
class CpmPrice(EffectiveDated):
    """What a designation is paid, by trade date."""

    designation = models.ForeignKey(CpmDesignation, on_delete=models.PROTECT, related_name="prices")
    price = QuantityField("USD_PER_KW_MONTH", "price")

    class Meta(EffectiveDated.Meta):
        abstract = False
        constraints = effective_dated_constraints("a_cpm_price", "designation")


@tracked
class CpmPriceChange(Case):
    """Another price of a designation for trade dates; late ones ask for an optional run."""

    designation = models.ForeignKey(
        CpmDesignation, on_delete=models.PROTECT, related_name="changes"
    )
    price = QuantityField("USD_PER_KW_MONTH", "price")
    first_date = models.DateField("first trade date")
    last_date = models.DateField("last trade date")
    docket = models.CharField("FERC docket", max_length=40, blank=True)
    reference = models.CharField(max_length=300)
    optional_from = models.DateField("optional run from", null=True)
    optional_to = models.DateField("optional run to", null=True)
    decided_by = _decided()

    STATES = PRICE_STATES

    class Meta:
        verbose_name = "CPM price change"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(PRICE_STATES)
        constraints = second_person("a_cpm_price_change", "APPROVED", "REJECTED")


class CpmReport(models.Model):
    """A designation report as posted."""

    designation = models.OneToOneField(
        CpmDesignation, on_delete=models.PROTECT, related_name="report"
    )
    posted_at = models.DateTimeField("posted")
    resource_code = models.CharField("resource ID", max_length=40)
    type = models.CharField(max_length=20, choices=list(TYPES.items()))
    reason = models.CharField(max_length=15, choices=list(REASONS.items()))
    mw = QuantityField("MW", "designated")
    price = QuantityField("USD_PER_KW_MONTH", "price")
    first_date = models.DateField("from")
    last_date = models.DateField("to")
    selected_on = models.DateField("selected")
    due = models.DateField("due", null=True)
    text = models.CharField("what for", max_length=500)

    class Meta:
        triggers = append_only()


class CpmFact(Fact):
    """One fact of public record about CPM."""

    fact_id = models.CharField("fact", max_length=10)
    kind = models.CharField(max_length=120)
    resource_code = models.CharField("resource", max_length=40, null=True)
    tac_area = models.CharField("TAC area", max_length=20, null=True)
    effective_date = models.CharField("from", max_length=10)
    term_days = models.PositiveSmallIntegerField("days", null=True)
    quantity = models.CharField(max_length=120, null=True)
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    source_url = models.CharField("page", max_length=300)
    note = models.CharField(max_length=300, null=True)

    class Meta(Fact.Meta):
        abstract = False


class CpmDeficiency(Fact):
    """By how many megawatts an LSE fell short, which a designation made up for."""

    designation_no = models.PositiveIntegerField("designation")
    sc = models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, related_name="+", verbose_name="SC"
    )
    mw = QuantityField("MW", "deficiency")
    source = models.CharField(max_length=300, null=True)

    class Meta(Fact.Meta):
        abstract = False
