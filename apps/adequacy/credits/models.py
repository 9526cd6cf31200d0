"""Forecasts, load shares, obligations, credits, and how credits were distributed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from apps.adequacy.credits.codes import KINDS, PROCESSES, PROPOSAL_STATES
from apps.platform.accounts.codes import NOBODY_READS, OWN_PARTY
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import (
    Case,
    EffectiveDated,
    case_triggers,
    effective_dated_constraints,
    second_person,
)
from apps.platform.runs.models import Result
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from apps.platform.accounts.models import Party

PUBLISHED = f"lse_id = {OWN_PARTY} and run_id in (select run_id from runs_currentrun)"
OPEN_TABLES.register(
    OpenTable("credits_demandforecast", "the demand forecasts of the CEC by TAC area")
)
OPEN_TABLES.register(
    OpenTable("credits_yearlycredit", "a view that reads credits_creditshare as its reader does")
)
ROW_POLICIES.register(RowPolicy("credits_loadshare", f"lse_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("credits_flexobligation", f"lse_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("credits_rmrcredit", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("credits_creditproposal", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("credits_credittac", NOBODY_READS))
for _table in ("creditshare", "flexstep", "flexcover"):
    ROW_POLICIES.register(RowPolicy(f"credits_{_table}", PUBLISHED))
PLAIN_MODELS.register(PlainModel("credits.YearlyCredit", "a view over published credit shares"))


def _resource() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")


def _lse() -> models.ForeignKey[Party | Combinable, Party]:
    return models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, related_name="+", verbose_name="LSE"
    )


def _tac() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey("resources.TacArea", on_delete=models.PROTECT, related_name="+")


class Period(Fact):
    """A row of an RA year, or of one of its months."""

    ra_year = models.PositiveSmallIntegerField("RA year")
    ra_month = models.PositiveSmallIntegerField("RA month", null=True)

    class Meta(Fact.Meta):
        abstract = True


class DemandForecast(Period):
    """The CEC's demand forecast of a TAC area."""

    tac_area = _tac()
    forecast_mw = QuantityField("MW", "forecast")

    class Meta(Period.Meta):
        abstract = False


class LoadShare(Period):
    """The share of an LSE in the load of a TAC area."""

    tac_area = _tac()
    lse = _lse()
    share = QuantityField("SHARE", "load share")

    class Meta(Period.Meta):
        abstract = False


class FlexObligation(Period):
    """What flexible capacity an LSE has to show, by category."""

    lse = _lse()
    c1_mw = QuantityField("MW", "category 1")
    c2_mw = QuantityField("MW", "category 2")
    c3_mw = QuantityField("MW", "category 3")

    class Meta(Period.Meta):
        abstract = False


@tracked
class RmrCredit(EffectiveDated):
    """A credit of an RMR resource for months of a process; 0 MW: none."""

    process = models.CharField(max_length=7, choices=list(PROCESSES.items()))
    resource = _resource()
    kind = models.CharField(max_length=6, choices=list(KINDS.items()))
    category = models.PositiveSmallIntegerField("category", default=0)
    label = models.CharField(max_length=4)
    tac_areas = models.CharField("TAC areas", max_length=80)
    mw = QuantityField("MW", "credit")
    override_reason = models.CharField("why it is allowed", max_length=300, blank=True, default="")

    class Meta(EffectiveDated.Meta):
        abstract = False
        constraints = effective_dated_constraints(
            "a_credit", "process", "resource", "kind", "category"
        )


@tracked
class CreditProposal(Case):
    """A credit as proposed at the desk; a second person decides it."""

    process = models.CharField(max_length=7, choices=list(PROCESSES.items()))
    resource = _resource()
    kind = models.CharField(max_length=6, choices=list(KINDS.items()))
    category = models.PositiveSmallIntegerField("category", null=True)
    label = models.CharField(max_length=4)
    tac_areas = models.CharField("TAC areas", max_length=80)
    mw = QuantityField("MW", "credit")
    ra_year = models.PositiveSmallIntegerField("RA year")
    ra_month = models.PositiveSmallIntegerField("RA month", null=True)
    reference = models.CharField(max_length=300)
    override_reason = models.CharField("why it is allowed", max_length=300, blank=True, default="")
    remarks = models.JSONField(default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = PROPOSAL_STATES

    class Meta:
        verbose_name = "credit proposal"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(PROPOSAL_STATES)
        constraints = second_person("a_credit_proposal", "APPROVED", "REJECTED")


class OfCredit(Result):
    """What every row of a distribution says of its credit."""

    process = models.CharField(max_length=7)
    kind = models.CharField(max_length=6)
    category = models.PositiveSmallIntegerField("category", null=True)
    label = models.CharField(max_length=4)
    resource = _resource()
    unit = models.CharField("resource", max_length=40)
    tac = models.CharField("TAC area", max_length=12)

    class Meta(Result.Meta):
        abstract = True


class CreditTac(OfCredit):
    """The part of a credit that a TAC area gets, with the forecast it follows."""

    credit_mw = QuantityField("MW", "credit")
    forecast_mw = QuantityField("MW", "forecast")
    mw = QuantityField("MW", "of the TAC area")

    class Meta(OfCredit.Meta):
        abstract = False


class CreditShare(OfCredit):
    """The part of a credit that an LSE gets in a TAC area and month, with the share it follows."""

    lse = _lse()
    lse_code = models.CharField("LSE", max_length=30)
    ra_year = models.PositiveSmallIntegerField("RA year")
    ra_month = models.PositiveSmallIntegerField("RA month")
    share = QuantityField("SHARE", "load share")
    mw = QuantityField("MW", "credit")

    class Meta(OfCredit.Meta):
        abstract = False
        indexes = [models.Index(fields=["run", "lse"], name="credits_of_an_lse")]


class OfLse(Result):
    """A row about an LSE's flexible obligation."""

    lse = _lse()
    lse_code = models.CharField("LSE", max_length=30)
    process = models.CharField(max_length=7)
    ra_year = models.PositiveSmallIntegerField("RA year")
    ra_month = models.PositiveSmallIntegerField("RA month", null=True)

    class Meta(Result.Meta):
        abstract = True


class FlexStep(OfLse):
    """One step of the cascade: credit of a category used for an obligation."""

    obligation = models.PositiveSmallIntegerField("obligation category")
    credit = models.PositiveSmallIntegerField("credit category")
    mw = QuantityField("MW", "applied")

    class Meta(OfLse.Meta):
        abstract = False


class FlexCover(OfLse):
    """How a category stands after the cascade."""

    category = models.PositiveSmallIntegerField()
    need_mw = QuantityField("MW", "obligation")
    credit_mw = QuantityField("MW", "credit")
    unmet_mw = QuantityField("MW", "unmet")
    left_mw = QuantityField("MW", "left")

    class Meta(OfLse.Meta):
        abstract = False


class YearlyCredit(models.Model):
    """Published credits in the public shape: a row for each LSE and zone, twelve months."""

    lse_id = models.IntegerField()
    lse_code = models.CharField("LSE", max_length=30)
    tac = models.CharField("TAC area", max_length=12)
    process = models.CharField(max_length=7)
    ra_year = models.PositiveSmallIntegerField("RA year")
    jan = QuantityField("MW", "JAN", null=True)
    feb = QuantityField("MW", "FEB", null=True)
    mar = QuantityField("MW", "MAR", null=True)
    apr = QuantityField("MW", "APR", null=True)
    may = QuantityField("MW", "MAY", null=True)
    jun = QuantityField("MW", "JUN", null=True)
    jul = QuantityField("MW", "JUL", null=True)
    aug = QuantityField("MW", "AUG", null=True)
    sep = QuantityField("MW", "SEP", null=True)
    oct = QuantityField("MW", "OCT", null=True)
    nov = QuantityField("MW", "NOV", null=True)
    dec = QuantityField("MW", "DEC", null=True)
    kind = models.CharField("credit kind", max_length=6)
    category = models.PositiveSmallIntegerField("flex category", null=True)
    label = models.CharField("RMR label", max_length=4)

    class Meta:
        managed = False
        db_table = "credits_yearlycredit"
