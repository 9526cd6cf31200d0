"""What the Master File said day by day, what changed, and changes of scheduling coordinator."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, append_only, case_triggers
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact
from apps.reference.masterfile.codes import TRANSFER_STATES

_OWN = "resource_id in (select resource_id from resources_scassociation where upper_inf(known))"
ROW_POLICIES.register(RowPolicy("masterfile_masterfilerecord", _OWN))
ROW_POLICIES.register(RowPolicy("masterfile_masterfilechange", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("masterfile_msgconfiguration", _OWN))
ROW_POLICIES.register(RowPolicy("masterfile_msgtransition", _OWN))
ROW_POLICIES.register(RowPolicy("masterfile_curvepoint", _OWN))
ROW_POLICIES.register(RowPolicy("masterfile_sctransfer", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("masterfile_retrieval", NOBODY_READS))
PLAIN_MODELS.register(PlainModel("masterfile.Retrieval", "one look at the source, append-only"))


class MasterFileRecord(Fact):
    """One resource as the Master File of a day has it."""

    day = models.DateField("as of")
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    sc_code = models.CharField("SC", max_length=30)
    pmax_mw = QuantityField("MW", "Pmax")
    pmin_mw = QuantityField("MW", "Pmin", null=True)
    moo_qualified = models.CharField("MOO qualified", max_length=1, null=True)
    rmr_flag = models.CharField("RMR", max_length=1)
    rmr_cd_type = models.CharField("condition", max_length=3, null=True)
    contract_effective = models.DateField(null=True)
    contract_end = models.DateField(null=True)
    use_limit = models.CharField("use-limited", max_length=1)
    car = models.CharField("CAR", max_length=1)
    fuel_type = models.CharField(max_length=40, null=True)
    msg = models.CharField("multi-stage", max_length=1)
    els = models.CharField("extremely long start", max_length=1)
    local_area = models.CharField(max_length=20, null=True)
    tac_area = models.CharField("TAC area", max_length=12, null=True)
    fuel_region = models.CharField(max_length=20, null=True)

    class Meta(Fact.Meta):
        abstract = False
        indexes = [models.Index(fields=["dataset_version", "resource"], name="records_of_a_day")]


class MasterFileChange(Fact):
    """What a day's file says otherwise than the one before, and what was done with it."""

    day = models.DateField("as of")
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    field = models.CharField("what", max_length=40)
    before = models.CharField(max_length=120, null=True)
    after = models.CharField(max_length=120, null=True)
    effect = models.CharField("done", max_length=300)

    class Meta(Fact.Meta):
        abstract = False


class MsgConfiguration(Fact):
    """A configuration of a multi-stage generating resource."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    config = models.CharField("configuration", max_length=40)
    pmin_mw = QuantityField("MW", "Pmin")
    pmax_mw = QuantityField("MW", "Pmax")
    startup = models.CharField("can be started", max_length=1)
    mma_startup = QuantityField("USD", "MMA of a start", null=True)
    mma_min_load = QuantityField("USD", "MMA of an hour at minimum load", null=True)
    effective_date = models.DateField("effective")

    class Meta(Fact.Meta):
        abstract = False


class MsgTransition(Fact):
    """A transition between two configurations."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    from_config = models.CharField("from", max_length=40)
    to_config = models.CharField("to", max_length=40)
    minutes = models.PositiveIntegerField("minutes")
    oc_transition = QuantityField("USD", "opportunity cost adder", null=True)
    effective_date = models.DateField("effective")

    class Meta(Fact.Meta):
        abstract = False


class CurvePoint(Fact):
    """A point of a heat-rate or average-cost curve."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    config = models.CharField("configuration", max_length=40, blank=True)
    point_no = models.PositiveSmallIntegerField("point")
    mw = QuantityField("MW", "output")
    heat_rate = QuantityField("BTU_PER_KWH", "average heat rate", null=True)
    cost = QuantityField("USD_PER_MWH", "average cost", null=True)

    class Meta(Fact.Meta):
        abstract = False


class Retrieval(models.Model):
    """One file that the source had: what became of it."""

    at = models.DateTimeField()
    day = models.DateField("as of")
    source = models.CharField(max_length=300)
    file_name = models.CharField("file", max_length=200)
    upload = models.ForeignKey(
        "uploads.Upload", on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=20)
    sentence = models.CharField("what happened", max_length=300)

    class Meta:
        ordering = ("-at", "-id")
        triggers = append_only()


@tracked
class ScTransfer(Case):
    """A resource is another SC's from a day on (BRQ-0225)."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    from_sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    to_sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    first_date = models.DateField("from trade date")
    reference = models.CharField(max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = TRANSFER_STATES

    class Meta:
        verbose_name = "change of SC"
        ordering = ("-first_date", "-id")
        triggers = case_triggers(TRANSFER_STATES)
        constraints = [
            models.CheckConstraint(
                name="a_second_person_decides_a_transfer",
                condition=~models.Q(
                    state__in=["APPROVED", "REJECTED"], decided_by=models.F("opened_by")
                ),
            ),
            models.CheckConstraint(
                name="a_transfer_names_who_decided",
                condition=~models.Q(state__in=["APPROVED", "REJECTED"], decided_by__isnull=True),
            ),
            models.CheckConstraint(
                name="a_transfer_changes_the_sc",
                condition=~models.Q(from_sc=models.F("to_sc")),
            ),
        ]
