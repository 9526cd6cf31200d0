"""Facts from meters and the market, one row an hour.

Their key is (dataset version, row in file): one index serves both ways in, and millions of rows
load by COPY. Their foreign keys are checked set-wise on the way in, not row by row by the database
(docs/adr/0006-one-lane-in-columns.md).
"""

from __future__ import annotations

from django.db import models

from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact
from apps.reference.market.codes import COMMITTERS, EVENTS, MARKETS, SHARE_BASES, YES_NO

ROW_POLICIES.register(RowPolicy("market_metereddemand", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("market_dispatchshare", f"sc_id = {OWN_PARTY}"))
OPEN_TABLES.register(OpenTable("market_tacload", "published by the ISO"))
OPEN_TABLES.register(OpenTable("market_holiday", "the public calendar of holidays"))
OPEN_TABLES.register(OpenTable("market_energyprice", "published by the ISO"))
OWN = "resource_id in (select resource_id from resources_scassociation where upper_inf(known))"
for table in ("commitment", "resourcehour", "resourcequarter", "resourceinterval"):
    ROW_POLICIES.register(RowPolicy(f"market_{table}", OWN))


class MeteredDemand(Fact):
    """Metered demand of one SC in one TAC area in one trade hour."""

    pk = models.CompositePrimaryKey("dataset_version", "line_no")
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
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    trade_date = models.DateField()
    hour_ending = models.PositiveSmallIntegerField()
    mwh = QuantityField("MWH", "metered demand")
    source = models.CharField(max_length=300, null=True)

    class Meta(Fact.Meta):
        abstract = False


class DispatchShare(Fact):
    """What one SC bears of a day's exceptional dispatch by: MWh or $, as ``basis`` says.

    Without a resource it is of every dispatched resource that has no row of its own.
    """

    pk = models.CompositePrimaryKey("dataset_version", "line_no")
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    trade_date = models.DateField()
    basis = models.CharField(max_length=20, choices=list(SHARE_BASES.items()))
    resource = models.ForeignKey(
        "resources.Resource",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        null=True,
    )
    sc = models.ForeignKey(
        "accounts.Party",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    quantity = QuantityField("WEIGHT")
    source = models.CharField(max_length=300, null=True)

    class Meta(Fact.Meta):
        abstract = False


class TacLoad(Fact):
    """Published load of one TAC area in one trade hour."""

    pk = models.CompositePrimaryKey("dataset_version", "line_no")
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    tac_area = models.CharField("TAC area", max_length=12)
    interval_start = models.DateTimeField()
    trade_date = models.DateField()
    hour_ending = models.PositiveSmallIntegerField()
    mw = QuantityField("MW", "load")

    class Meta(Fact.Meta):
        abstract = False


class EnergyPrice(Fact):
    """A locational marginal price, or a part of it, at one node in one trade hour."""

    pk = models.CompositePrimaryKey("dataset_version", "line_no")
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    node = models.CharField(max_length=60)
    market_run_id = models.CharField("market", max_length=5)
    lmp_type = models.CharField("part", max_length=4)
    interval_start = models.DateTimeField()
    trade_date = models.DateField()
    hour_ending = models.PositiveSmallIntegerField()
    opr_hr = models.PositiveSmallIntegerField("hour as published")
    opr_interval = models.PositiveSmallIntegerField("interval")
    price = QuantityField("USD_PER_MWH")

    class Meta(Fact.Meta):
        abstract = False


class Holiday(Fact):
    """A day on which markets and markets' clerks rest."""

    day = models.DateField()
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=300)

    class Meta(Fact.Meta):
        abstract = False


class ResourceRow(Fact):
    """A row of one resource in one trade hour, as the market or the meter sent it."""

    pk = models.CompositePrimaryKey("dataset_version", "line_no")
    resource = models.ForeignKey(
        "resources.Resource",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    trade_date = models.DateField()
    hour_ending = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300, null=True)

    class Meta(Fact.Meta):
        abstract = True


class Commitment(ResourceRow):
    """A start, a run at minimum load or a transition that a market committed."""

    market = models.CharField(max_length=3, choices=list(MARKETS.items()))
    event = models.CharField(max_length=10, choices=list(EVENTS.items()))
    interval = models.PositiveSmallIntegerField("first interval")
    intervals = models.PositiveSmallIntegerField("5-minute intervals", null=True)
    committed = models.CharField("committed by", max_length=4, choices=list(COMMITTERS.items()))
    from_config = models.CharField("from configuration", max_length=40, null=True)
    config = models.CharField("configuration", max_length=40, null=True)
    qualified = models.CharField(max_length=1, choices=list(YES_NO.items()))
    cost = QuantityField("COST", "cost in the market", null=True)

    class Meta(ResourceRow.Meta):
        abstract = False


class ResourceHour(ResourceRow):
    """Day-ahead energy, ancillary services and RUC of a resource in a trade hour."""

    da_mwh = QuantityField("MWH", "day-ahead schedule")
    self_mwh = QuantityField("MWH", "of it self-scheduled")
    min_load_mwh = QuantityField("MWH", "minimum-load energy")
    bid_cost = QuantityField("COST", "energy bid cost")
    self_cost = QuantityField("COST", "self-scheduled at DEB")
    da_lmp = QuantityField("USD_PER_MWH", "day-ahead LMP")
    as_revenue = QuantityField("COST", "AS revenue")
    as_bid_cost = QuantityField("COST", "AS bid cost")
    ruc_mw = QuantityField("MW", "RUC award")
    ruc_price = QuantityField("USD_PER_MWH", "RUC price")
    ruc_bid = QuantityField("USD_PER_MWH", "RUC bid")

    class Meta(ResourceRow.Meta):
        abstract = False


class ResourceQuarter(ResourceRow):
    """Fifteen-minute instructed energy and ancillary services of a resource."""

    quarter = models.PositiveSmallIntegerField()
    fmm_mwh = QuantityField("MWH", "FMM energy")
    bid_cost = QuantityField("COST", "energy bid cost")
    fmm_lmp = QuantityField("USD_PER_MWH", "FMM LMP")
    as_revenue = QuantityField("COST", "AS revenue")
    as_bid_cost = QuantityField("COST", "AS bid cost")

    class Meta(ResourceRow.Meta):
        abstract = False


class ResourceInterval(ResourceRow):
    """Five-minute expected, metered, dispatched and exceptionally dispatched energy."""

    interval = models.PositiveSmallIntegerField()
    expected_mwh = QuantityField("MWH", "expected energy")
    metered_mwh = QuantityField("MWH", "metered energy")
    regulation_mwh = QuantityField("MWH", "regulation energy")
    min_load_mwh = QuantityField("MWH", "minimum-load energy")
    rtd_mwh = QuantityField("MWH", "RTD energy")
    bid_cost = QuantityField("COST", "energy bid cost")
    rtd_lmp = QuantityField("USD_PER_MWH", "RTD LMP")
    ed_mwh = QuantityField("MWH", "exceptional dispatch")
    ed_reference = QuantityField("USD_PER_MWH", "reference price", null=True)
    ed_type = models.CharField("instruction type", max_length=12, null=True)

    class Meta(ResourceRow.Meta):
        abstract = False
