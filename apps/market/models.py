"""Facts from meters and the market, one row an hour.

Their key is (dataset version, row in file): one index serves both ways in, and millions of rows
load by COPY. Their foreign keys are checked set-wise on the way in, not row by row by the database
(docs/adr/0006-one-lane-in-columns.md).
"""

from __future__ import annotations

from django.db import models

from apps.accounts.terms import OWN_PARTY, open_table, wall
from apps.audit.models import Fact
from apps.ui.fields import QuantityField

wall("market_metereddemand", f"sc_id = {OWN_PARTY}")
open_table("market_tacload", "published by the ISO")
open_table("market_holiday", "the public calendar of holidays")
open_table("market_energyprice", "published by the ISO")


class MeteredDemand(Fact):
    """Metered demand of one SC in one TAC area in one trade hour."""

    pk = models.CompositePrimaryKey("dataset_version", "line_no")
    sc = models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    tac_area = models.ForeignKey(
        "resources.TacArea", on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion", on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    trade_date = models.DateField()
    hour_ending = models.PositiveSmallIntegerField()
    mwh = QuantityField("MWH", "metered demand")
    source = models.CharField(max_length=300, null=True)

    class Meta(Fact.Meta):
        abstract = False


class TacLoad(Fact):
    """Published load of one TAC area in one trade hour."""

    pk = models.CompositePrimaryKey("dataset_version", "line_no")
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion", on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
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
        "uploads.DatasetVersion", on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
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
