"""Bids of SCs, what insertion made of them, certified services, use limits and instructions."""

from __future__ import annotations

from typing import Any

from django.db import models

from apps.bidding.bids.codes import BID_STATES, FILE_STATES, INSTRUCTION_STATES
from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, append_only, case_triggers
from apps.platform.runs.models import Result, bulk_key
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact, PartyFile

OWN = "resource_id in (select resource_id from resources_scassociation where upper_inf(known))"
ROW_POLICIES.register(RowPolicy("bids_bid", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("bids_bidfile", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(
    RowPolicy(
        "bids_bidfilecontent",
        f"bid_file_id in (select id from bids_bidfile where sc_id = {OWN_PARTY})",
    )
)
ROW_POLICIES.register(RowPolicy("bids_certifiedservice", OWN))
ROW_POLICIES.register(RowPolicy("bids_uselimit", OWN))
ROW_POLICIES.register(RowPolicy("bids_usereading", OWN))
for _table in ("bidhour", "bidrow"):
    ROW_POLICIES.register(RowPolicy(f"bids_{_table}", OWN))
ROW_POLICIES.register(RowPolicy("bids_instruction", OWN))
PLAIN_MODELS.register(PlainModel("bids.BidFileContent", "the bytes of a bid file, append-only"))


def resource_key() -> models.ForeignKey[Any, Any]:
    """Return the foreign key to a resource."""
    return models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")


@tracked
class BidFile(PartyFile):
    """A file of bids as an SC sent it: taken whole or refused whole."""

    bid_count = models.PositiveIntegerField("bids", default=0)

    STATES = FILE_STATES

    class Meta:
        verbose_name = "bid file"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(FILE_STATES)


class BidFileContent(models.Model):
    """The bytes of a bid file."""

    bid_file = models.OneToOneField(BidFile, on_delete=models.PROTECT, related_name="content")
    content = models.BinaryField()

    class Meta:
        triggers = append_only()


@tracked
class Bid(Case):
    """A bid of an SC for hours of a trade date; a newer one for an hour stands before it.

    ``energy``: [from MW, to MW, $/MWh] as texts, so that what was sent stays letter by letter.
    """

    resource = resource_key()
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    market = models.CharField(max_length=2)
    trade_date = models.DateField()
    first_hour = models.PositiveSmallIntegerField("from hour ending")
    last_hour = models.PositiveSmallIntegerField("to hour ending")
    config = models.CharField("configuration", max_length=40, blank=True)
    energy = models.JSONField("energy curve", default=list)
    services = models.JSONField("ancillary services", default=list)
    ruc_mw = QuantityField("MW", "RUC", null=True)
    self_schedule_mw = QuantityField("MW", "self-schedule", null=True)
    startup = QuantityField("USD", "start-up", null=True)
    min_load = QuantityField("USD", "minimum load", null=True)
    transitions = models.JSONField("transition costs", default=list)
    remarks = models.JSONField(default=list)
    bid_file = models.ForeignKey(BidFile, on_delete=models.PROTECT, null=True, related_name="bids")
    withdrawn_at = models.DateTimeField("withdrawn", null=True)

    STATES = BID_STATES

    class Meta:
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(BID_STATES)
        indexes = [
            models.Index(fields=["trade_date", "market", "resource"], name="bids_of_a_day"),
        ]


class CertifiedService(Fact):
    """MW of an ancillary service that a resource is certified for, from a day on."""

    resource = resource_key()
    product = models.CharField("service", max_length=6)
    mw = QuantityField("MW", "certified")
    effective_date = models.DateField("from")

    class Meta(Fact.Meta):
        abstract = False


class UseLimit(Fact):
    """How much of starts, run hours or energy a resource may use in a span of days."""

    resource = resource_key()
    limit_type = models.CharField("limit", max_length=9)
    first_date = models.DateField("from")
    last_date = models.DateField("to")
    limit = QuantityField("USED", "allowed")

    class Meta(Fact.Meta):
        abstract = False


class UseReading(Fact):
    """What a resource used on a trade date."""

    resource = resource_key()
    limit_type = models.CharField("limit", max_length=9)
    trade_date = models.DateField()
    used = QuantityField("USED", "used")

    class Meta(Fact.Meta):
        abstract = False


class BidHour(Result):
    """What a resource owes in an hour, what it offered, and whether the ISO inserted."""

    resource = bulk_key("resources.Resource")
    unit = models.CharField("resource", max_length=80)
    market = models.CharField(max_length=2)
    hour_ending = models.PositiveSmallIntegerField()
    vintage = models.CharField("RMR", max_length=6)
    moo = models.CharField("MOO", max_length=1, blank=True)
    pmax_mw = QuantityField("MW", "Pmax")
    outage_mw = QuantityField("MW", "out")
    obligation_mw = QuantityField("MW", "obligation")
    offered_mw = QuantityField("MW", "offered")
    shortfall_mw = QuantityField("MW", "shortfall")
    inserted = models.BooleanField()
    closed = models.BooleanField("market closed")
    reason = models.CharField("why", max_length=400)

    class Meta(Result.Meta):
        abstract = False


class BidRow(Result):
    """One row of a bid after insertion: a step of energy, RUC, a service, a commitment cost."""

    resource = bulk_key("resources.Resource")
    unit = models.CharField("resource", max_length=80)
    market = models.CharField(max_length=2)
    hour_ending = models.PositiveSmallIntegerField()
    config = models.CharField("configuration", max_length=40, blank=True)
    to_config = models.CharField("to configuration", max_length=40, blank=True)
    product = models.CharField(max_length=10)
    from_mw = QuantityField("MW", "from", null=True)
    to_mw = QuantityField("MW", "to", null=True)
    price = QuantityField("USD_PER_MWH", "price")
    source = models.CharField("of", max_length=3)
    bid = bulk_key("bids.Bid", null=True)

    class Meta(Result.Meta):
        abstract = False


@tracked
class Instruction(Case):
    """The ISO instructs an outage card, to preserve starts, run hours or energy (BRQ-0530)."""

    resource = resource_key()
    limit_type = models.CharField("limit", max_length=9)
    curtailed_mw = QuantityField("MW", "to be out")
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("to")
    nature = models.CharField("nature of work", max_length=50)
    reason = models.CharField(max_length=300)
    card = models.ForeignKey(
        "outages.OutageCard", on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = INSTRUCTION_STATES

    class Meta:
        verbose_name = "use-limit instruction"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(INSTRUCTION_STATES)
