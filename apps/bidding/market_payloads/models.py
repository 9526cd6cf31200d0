"""What the markets and settlements are told, how it got there, and exceptional dispatch."""

from __future__ import annotations

from django.db import models

from apps.bidding.market_payloads.codes import (
    AUDIENCES,
    DISPATCH_STATES,
    INSTRUCTIONS,
    PAYLOAD_STATES,
)
from apps.platform.accounts.codes import NOBODY_READS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, append_only, case_triggers
from apps.platform.ui.fields import QuantityField
from apps.platform.uploads.models import Fact

OWN = "resource_id in (select resource_id from resources_scassociation where upper_inf(known))"
for _table in ("marketpayload", "payloadbody", "delivery"):
    ROW_POLICIES.register(RowPolicy(f"market_payloads_{_table}", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("market_payloads_exceptionaldispatch", OWN))
ROW_POLICIES.register(RowPolicy("market_payloads_dispatch", OWN))
PLAIN_MODELS.register(
    PlainModel("market_payloads.PayloadBody", "the text of one payload, append-only")
)
PLAIN_MODELS.register(
    PlainModel("market_payloads.Delivery", "one attempt to hand a payload over, append-only")
)


@tracked
class MarketPayload(Case):
    """One version of what an audience is told of a trade date."""

    audience = models.CharField(max_length=11, choices=[(a.value, t) for a, t in AUDIENCES.items()])
    trade_date = models.DateField()
    version = models.PositiveIntegerField()
    sha256 = models.CharField("fingerprint", max_length=64)
    records = models.PositiveIntegerField()
    cause = models.CharField("because of", max_length=300)
    alerts = models.JSONField(default=list)
    delivered_at = models.DateTimeField("delivered", null=True)

    STATES = PAYLOAD_STATES

    class Meta:
        verbose_name = "market payload"
        ordering = ("-trade_date", "audience", "-version")
        triggers = case_triggers(PAYLOAD_STATES)
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "trade_date", "version"],
                name="a_payload_version_is_numbered_once",
            )
        ]


class PayloadBody(models.Model):
    """The text of a payload, as it is sent."""

    payload = models.OneToOneField(MarketPayload, on_delete=models.PROTECT, related_name="body")
    text = models.TextField()

    class Meta:
        triggers = append_only()


class Delivery(models.Model):
    """One attempt to hand a payload over."""

    payload = models.ForeignKey(MarketPayload, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    destination = models.CharField(max_length=300)
    taken = models.BooleanField()
    sentence = models.CharField("what happened", max_length=300)

    class Meta:
        ordering = ("-at", "-id")
        triggers = append_only()


@tracked
class ExceptionalDispatch(Case):
    """An operator moves a resource beyond the market's dispatch."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    vintage = models.CharField("RMR", max_length=6, blank=True)
    instruction = models.CharField(max_length=10, choices=[(c, t) for c, t in INSTRUCTIONS.items()])
    market = models.CharField(max_length=2)
    mw = QuantityField("MW", "to")
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("to", null=True)
    reason = models.CharField(max_length=300)
    cpm_alert = models.BooleanField("CPM alert")

    STATES = DISPATCH_STATES

    class Meta:
        verbose_name = "exceptional dispatch"
        ordering = ("-starts_at", "-id")
        triggers = case_triggers(DISPATCH_STATES)


class Dispatch(Fact):
    """A day-ahead schedule and a real-time dispatch of an interval, with the flag derived."""

    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    trade_date = models.DateField()
    hour_ending = models.PositiveSmallIntegerField()
    interval = models.PositiveSmallIntegerField()
    day_ahead_mw = QuantityField("MW", "day-ahead")
    real_time_mw = QuantityField("MW", "real-time")
    vintage = models.CharField("RMR", max_length=6, blank=True)
    rmr_flag = models.BooleanField("RMR flag")
    incremental_mw = QuantityField("MW", "incremental")

    class Meta(Fact.Meta):
        abstract = False
        verbose_name = "dispatch"
