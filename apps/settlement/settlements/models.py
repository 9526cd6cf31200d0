"""Results of the settlement, the calendar it keeps, and cases it reads or keeps apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS, OWN_PARTY
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers, second_person
from apps.platform.runs.models import Result
from apps.platform.ui.fields import AddressField, QuantityField
from apps.platform.uploads.models import Fact
from apps.reference.resources.codes import Vintage
from apps.reliability.designations.codes import AllocationScope
from apps.settlement.settlements.codes import (
    LATE_STATES,
    LEGACY_STATES,
    MARKETS,
    PENALTY_STATES,
    ContractOutcome,
)

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from apps.platform.accounts.models import Party

ROW_POLICIES.register(RowPolicy("settlements_chargeline", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("settlements_marketnetting", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("settlements_raaimline", f"sc_id = {OWN_PARTY}"))
OPEN_TABLES.register(OpenTable("settlements_raaimpool", "totals that the ISO publishes each month"))
OPEN_TABLES.register(OpenTable("settlements_runrule", "the settlement calendar is public"))
OPEN_TABLES.register(OpenTable("settlements_rundate", "the settlement calendar is public"))
ROW_POLICIES.register(RowPolicy("settlements_contractpenalty", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("settlements_latecorrection", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("settlements_legacyinvoice", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("settlements_capacitypayment", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("settlements_allocationline", f"sc_id = {OWN_PARTY}"))


class CapacityPayment(Result):
    """How the day of one RMR contract ended, and the amount paid to its SC (RMR-CAP)."""

    contract_no = models.CharField("contract", max_length=40)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=[(o.value, o.value) for o in ContractOutcome])
    sentence = models.CharField("why", max_length=300)
    vintage = models.CharField(max_length=6, choices=[(v.value, v.value) for v in Vintage])
    scope = models.CharField(max_length=6, choices=[(s.value, s.value) for s in AllocationScope])
    obligation_type = models.CharField(max_length=12, blank=True)
    capacity_mw = QuantityField("MW", "capacity", null=True)
    price = QuantityField("USD_PER_MW_DAY", null=True)
    amount = QuantityField("USD", null=True)
    is_synthetic = models.BooleanField("synthetic", default=False)

    class Meta(Result.Meta):
        constraints = [
            models.UniqueConstraint(fields=["run", "resource"], name="a_resource_day_ends_once"),
            models.CheckConstraint(
                name="only_a_settled_day_has_an_amount",
                condition=models.Q(outcome="SETTLED", amount__isnull=False, sc__isnull=False)
                | (~models.Q(outcome="SETTLED") & models.Q(amount__isnull=True)),
            ),
        ]


class AllocationLine(Result):
    """What one SC bears of one resource's cost in one TAC area (RMR-ALLOC).

    ``load_mwh``: the SC's demand in the TAC area; ``base_mwh``: the demand it is a share of, of the
    TAC area for LOCAL and of all for SYSTEM; ``tac_mw``: the contract's MW there (LOCAL only).
    """

    pk = models.CompositePrimaryKey("run", "line_no")
    run = models.ForeignKey("runs.Run", on_delete=models.PROTECT, related_name="+", db_index=False)
    contract_no = models.CharField("contract", max_length=40)
    resource = models.ForeignKey(
        "resources.Resource",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    sc = models.ForeignKey(
        "accounts.Party",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    tac_area = models.ForeignKey(
        "resources.TacArea",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    scope = models.CharField(max_length=6, choices=[(s.value, s.value) for s in AllocationScope])
    tac_mw = QuantityField("MW", "contract MW", null=True)
    load_mwh = QuantityField("MWH", "SC load")
    base_mwh = QuantityField("MWH", "load shared by")
    amount = QuantityField("USD")

    class Meta(Result.Meta):
        abstract = False


def _resource(*, null: bool = False) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "resources.Resource",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        null=null,
    )


def _party() -> models.ForeignKey[Party | Combinable, Party]:
    return models.ForeignKey(
        "accounts.Party",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name="SC",
    )


class ChargeLine(Result):
    """A line of any charge code but the capacity payment and its allocation, which stand above.

    ``part`` of ``whole``: the demand by which an allocation is shared.
    """

    pk = models.CompositePrimaryKey("run", "line_no")
    run = models.ForeignKey("runs.Run", on_delete=models.PROTECT, related_name="+", db_index=False)
    charge_code = models.CharField("charge", max_length=20)
    sc = _party()
    resource = _resource(null=True)
    tac_area = models.ForeignKey(
        "resources.TacArea",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        null=True,
    )
    contract_no = models.CharField("contract", max_length=40, blank=True)
    part = QuantityField("MWH", "SC load", null=True)
    whole = QuantityField("MWH", "load shared by", null=True)
    amount = QuantityField("USD")

    class Meta(Result.Meta):
        abstract = False


class MarketNetting(Result):
    """What a resource cost and earned in a market of the day, netted (PC-IFM-NET, PC-RTM-NET)."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    sc = models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, related_name="+", verbose_name="SC", null=True
    )
    market = models.CharField(max_length=6, choices=list(MARKETS.items()))
    rmr = models.BooleanField("new-tariff RMR")
    cost = QuantityField("COST", "bid cost")
    adders = QuantityField("COST", "adders in it")
    adjusted = QuantityField("COST", "cost less adders")
    revenue = QuantityField("COST", "revenue")
    own_cost = QuantityField("COST", "self-scheduled, cost")
    own_revenue = QuantityField("COST", "self-scheduled, revenue")
    bcr = QuantityField("COST", "uplift")
    excess = QuantityField("COST", "excess")
    true_up = QuantityField("COST", "of it adders")

    class Meta(Result.Meta):
        abstract = False


class RaaimLine(Result):
    """Availability of a resource, RA type and SC over a month, its charge and its payment.

    A held one (DATA_HOLD) has no figures: ``measured_days`` of ``assessed_days`` are measured.
    """

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    sc = models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, related_name="+", verbose_name="SC"
    )
    month = models.DateField()
    ra_type = models.CharField("RA type", max_length=7)
    source = models.CharField("of", max_length=24)
    owed = QuantityField("MWH", "owed", null=True)
    lost = QuantityField("MWH", "curtailed", null=True)
    hours = models.PositiveIntegerField("assessed hours", null=True)
    share = QuantityField("SHARE", "availability", null=True)
    average = QuantityField("MW", "average MW", null=True)
    price = QuantityField("COST", "price of a missing MW ($/MW-month)", null=True)
    eligible = QuantityField("MW", "MW that share the pool", null=True)
    charge = QuantityField("USD", "charge", null=True)
    payment = QuantityField("USD", "payment", null=True)
    outcome = models.CharField(
        max_length=20,
        choices=[(o.value, o.value) for o in ContractOutcome],
        default=ContractOutcome.SETTLED,
    )
    assessed_days = models.PositiveSmallIntegerField(null=True)
    measured_days = models.PositiveSmallIntegerField("of them measured", null=True)

    class Meta(Result.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                name="a_held_month_has_no_amount",
                condition=models.Q(outcome="SETTLED", charge__isnull=False, payment__isnull=False)
                | models.Q(outcome="DATA_HOLD", charge__isnull=True, payment__isnull=True),
            )
        ]


class RaaimPool(Result):
    """The RAAIM pool of a month."""

    month = models.DateField()
    carried_in = QuantityField("USD", "carried from the month before")
    charges = QuantityField("USD", "charges")
    eligible = QuantityField("MW", "MW that share it")
    rate = QuantityField("COST", "rate ($/MW-month)")
    rate_cap = QuantityField("COST", "greatest rate ($/MW-month)")
    paid = QuantityField("USD", "paid out")
    carried_over = QuantityField("USD", "carried on")
    to_load = QuantityField("USD", "to load")

    class Meta(Result.Meta):
        abstract = False


class RunRule(Fact):
    """A run that trade dates of a span have, so many business days or months later."""

    first_date = models.DateField("trade dates from")
    last_date = models.DateField("to", null=True)
    count = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=1)
    disputable = models.CharField(max_length=1)
    dispute_days = models.PositiveSmallIntegerField("business days to dispute")
    source = models.CharField(max_length=300)

    class Meta(Fact.Meta):
        abstract = False


class RunDate(Fact):
    """The day the ISO has published for a run of a trade date; it wins over the computed one."""

    trade_date = models.DateField()
    run = models.CharField(max_length=8)
    day = models.DateField("published for")
    source = models.CharField(max_length=300)

    class Meta(Fact.Meta):
        abstract = False


def _decided() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


@tracked
class ContractPenalty(Case):
    """A negotiated penalty of a contract that has one instead of RAAIM, for one trade date."""

    contract_no = models.CharField("contract", max_length=40)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    trade_date = models.DateField()
    amount = QuantityField("USD", "penalty")
    reference = models.CharField(max_length=300)
    decided_by = _decided()

    STATES = PENALTY_STATES

    class Meta:
        verbose_name = "negotiated penalty"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(PENALTY_STATES)
        constraints = second_person("a_penalty", "APPROVED", "REJECTED")


@tracked
class LegacyInvoice(Case):
    """An invoice of legacy RMR for a month: its own calendar and path, outside the market runs."""

    contract_no = models.CharField("contract", max_length=40)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    amount = QuantityField("USD", "invoiced")
    reference = models.CharField("invoice", max_length=120)
    due = models.DateField("payment due")
    decided_by = _decided()

    STATES = LEGACY_STATES

    class Meta:
        verbose_name = "legacy RMR invoice"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(LEGACY_STATES)
        constraints = [
            *second_person("a_legacy_invoice", "VALIDATED", "REJECTED", "PAID"),
            models.UniqueConstraint(
                fields=["contract_no", "month"],
                name="a_legacy_month_is_invoiced_once",
                condition=models.Q(state__in=["SUBMITTED", "VALIDATED", "PAID"]),
            ),
        ]


@tracked
class LateCorrection(Case):
    """Something approved after the last disputable run of trade dates: it asks for optional runs.

    ``late``: trade dates past their last disputable run. ``ahead``: others it moves, which the next
    run of their calendar corrects. Opened by who approved it.
    """

    source = models.CharField(max_length=20)
    title = models.CharField("what was approved", max_length=200)
    address = AddressField(max_length=120)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    late = ArrayField(models.DateField(), verbose_name="trade dates")
    ahead = ArrayField(models.DateField(), default=list)
    first_date = models.DateField("from")
    last_date = models.DateField("to")

    STATES = LATE_STATES

    class Meta:
        verbose_name = "late correction"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(LATE_STATES)

    def __str__(self) -> str:
        return f"late correction {self.pk}"
