"""RA plans and supply plans as SCs filed them."""

from __future__ import annotations

from django.db import models

from apps.adequacy.plans.codes import HORIZONS, PARTS, PLAN_STATES, PLAN_TYPES
from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import append_only, case_triggers
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import PartyFile

OWN_FILINGS = f"(select id from plans_planfiling where sc_id = {OWN_PARTY})"
ROW_POLICIES.register(RowPolicy("plans_planfiling", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("plans_plancontent", f"filing_id in {OWN_FILINGS}"))
ROW_POLICIES.register(RowPolicy("plans_planrow", f"filing_id in {OWN_FILINGS}"))
PLAIN_MODELS.register(PlainModel("plans.PlanContent", "the bytes of a filing, append-only"))
PLAIN_MODELS.register(
    PlainModel(
        "plans.PlanRow", "the rows of a filing, append-only; its case says whether they hold"
    )
)


@tracked
class PlanFiling(PartyFile):
    """A plan file: accepted whole or refused whole, superseded by the next one accepted."""

    plan_type = models.CharField("plan", max_length=11, choices=list(PLAN_TYPES.items()))
    part = models.CharField(max_length=7, choices=list(PARTS.items()))
    horizon = models.CharField(max_length=7, choices=list(HORIZONS.items()))
    period = models.CharField(max_length=7)
    first_date = models.DateField("from")
    last_date = models.DateField("to")
    version = models.PositiveIntegerField(null=True)
    accepted_at = models.DateTimeField("accepted", null=True)
    ended_at = models.DateTimeField("until", null=True)

    STATES = PLAN_STATES

    class Meta:
        verbose_name = "plan"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(PLAN_STATES)
        constraints = [
            models.UniqueConstraint(
                fields=["sc", "plan_type", "part", "period"],
                name="one_plan_is_in_force",
                condition=models.Q(state="ACCEPTED"),
            )
        ]


class PlanContent(models.Model):
    """The bytes of a plan file."""

    filing = models.OneToOneField(PlanFiling, on_delete=models.PROTECT, related_name="content")
    content = models.BinaryField()

    class Meta:
        triggers = append_only()


class PlanRow(models.Model):
    """A row of an accepted plan."""

    filing = models.ForeignKey(PlanFiling, on_delete=models.PROTECT, related_name="rows")
    line_no = models.PositiveIntegerField("row in file")
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    scid = models.CharField("SCID", max_length=30)
    lse = models.CharField("LSE", max_length=30)
    local_mw = QuantityField("MW", "local")
    system_mw = QuantityField("MW", "system")
    mw = QuantityField("MW", "shown")
    category = models.PositiveSmallIntegerField("category", null=True)
    first_date = models.DateField("from")
    last_date = models.DateField("to")

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["resource", "first_date"], name="plan_rows_of_a_resource")]
