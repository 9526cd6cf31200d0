"""Requests of SCs to recover what their RMR resources spent."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, append_only, case_triggers, second_person
from apps.platform.ui.fields import QuantityField
from apps.settlement.cost_recovery.codes import APPROVED_STATES, REQUEST_STATES

OWN_REQUESTS = "request_id in (select id from cost_recovery_costrecoveryrequest)"
ROW_POLICIES.register(RowPolicy("cost_recovery_costrecoveryrequest", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("cost_recovery_recoveryitem", OWN_REQUESTS))
ROW_POLICIES.register(RowPolicy("cost_recovery_recoverymessage", OWN_REQUESTS))
ROW_POLICIES.register(
    RowPolicy(
        "cost_recovery_recoverygrant", "item_id in (select id from cost_recovery_recoveryitem)"
    )
)
PLAIN_MODELS.register(
    PlainModel(
        "cost_recovery.RecoveryItem",
        "an item of a request as filed, append-only; a change files anew",
    )
)
PLAIN_MODELS.register(
    PlainModel("cost_recovery.RecoveryMessage", "what was said about a request, append-only")
)
PLAIN_MODELS.register(
    PlainModel("cost_recovery.RecoveryGrant", "what was approved of an item, append-only")
)


@tracked
class CostRecoveryRequest(Case):
    """An SC asks to recover gas, repair or motoring costs of its new-tariff RMR resource.

    ``fingerprint``: of cost, resource and items, so that nothing is asked for twice. ``revision``
    says which items count; earlier ones stay as they were filed. ``basis``: the cost
    basis in $/MWh that the reviewer set, empty for the ISO's daily one.
    """

    kind = models.CharField("cost", max_length=8)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("why", max_length=2000)
    reference = models.CharField("own reference", max_length=80, blank=True)
    revision = models.PositiveIntegerField(default=1)
    fingerprint = models.CharField(max_length=64)
    first_date = models.DateField("from")
    last_date = models.DateField("to")
    claimed = QuantityField("USD", "claimed")
    approved = QuantityField("USD", "approved", null=True)
    basis = QuantityField("USD_PER_MWH", "basis set", null=True)
    decide_by = models.DateField("decision due", null=True)
    answer_by = models.DateField("answer due", null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("decided", null=True)

    STATES = REQUEST_STATES

    class Meta:
        verbose_name = "cost recovery request"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(REQUEST_STATES)
        constraints = [
            *second_person("a_cost_recovery", *APPROVED_STATES, "REFUSED"),
            models.CheckConstraint(
                name="who_reviewed_a_cost_recovery_does_not_decide_it",
                condition=~models.Q(state__in=[*APPROVED_STATES, "REFUSED"])
                | (
                    models.Q(reviewed_by__isnull=False)
                    & ~models.Q(reviewed_by=models.F("decided_by"))
                ),
            ),
            models.UniqueConstraint(
                fields=["sc", "fingerprint"],
                name="the_same_cost_is_asked_for_once",
                condition=~models.Q(state__in=["WITHDRAWN", "REFUSED"]),
            ),
            models.CheckConstraint(
                name="an_approved_cost_recovery_has_an_amount",
                condition=~models.Q(state__in=APPROVED_STATES) | models.Q(approved__isnull=False),
            ),
            models.CheckConstraint(
                name="a_cost_recovery_is_approved_up_to_its_claim",
                condition=models.Q(approved__isnull=True)
                | models.Q(approved__lte=models.F("claimed")),
            ),
        ]

    def __str__(self) -> str:
        return f"CR {self.pk}"


class RecoveryItem(models.Model):
    """A cost of hours of a trade date, as filed in one revision of a request."""

    request = models.ForeignKey(CostRecoveryRequest, on_delete=models.PROTECT, related_name="items")
    revision = models.PositiveIntegerField()
    number = models.PositiveIntegerField("item")
    trade_date = models.DateField()
    first_hour = models.PositiveSmallIntegerField("from hour ending")
    last_hour = models.PositiveSmallIntegerField("to hour ending")
    claimed = QuantityField("USD", "claimed")
    what = models.CharField("for", max_length=200, blank=True)

    class Meta:
        ordering = ("request", "revision", "number")
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "revision", "number"], name="an_item_is_numbered_once"
            ),
            models.CheckConstraint(
                name="an_item_claims_something", condition=models.Q(claimed__gt=0)
            ),
        ]


class RecoveryGrant(models.Model):
    """What was approved of an item; settlements read it. ``basis``: $/MWh the reviewer set."""

    item = models.OneToOneField(RecoveryItem, on_delete=models.PROTECT, related_name="grant")
    approved = QuantityField("USD", "approved")
    basis = QuantityField("USD_PER_MWH", "basis set", null=True)

    class Meta:
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                name="a_grant_is_not_below_zero", condition=models.Q(approved__gte=0)
            )
        ]


class RecoveryMessage(models.Model):
    """What the ISO and the SC said to each other about a request: question, answer, decision."""

    request = models.ForeignKey(
        CostRecoveryRequest, on_delete=models.PROTECT, related_name="messages"
    )
    kind = models.CharField(max_length=8)
    text = models.CharField(max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")
        triggers = append_only()
