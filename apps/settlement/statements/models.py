"""What an SC is told of a trade date: one statement a published version, and its lines."""

from __future__ import annotations

from typing import Any

from django.db import models

from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers
from apps.platform.runs.models import Result
from apps.platform.ui.fields import QuantityField
from apps.settlement.statements.codes import RECEIPT_STATES

ROW_POLICIES.register(RowPolicy("statements_statement", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("statements_statementreceipt", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(
    RowPolicy("statements_statementline", "statement_id in (select id from statements_statement)")
)


class Statement(Result):
    """One SC's settlement of one trade date in one version.

    Amounts: positive is a charge to the SC, negative a payment to it. ``change`` is the difference
    to the previous version's total.
    """

    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    charges = QuantityField("USD")
    payments = QuantityField("USD")
    total = QuantityField("USD")
    change = QuantityField("USD", "change since last version", null=True)
    line_count = models.PositiveIntegerField("lines")
    issued_at = models.DateTimeField("issued")
    is_synthetic = models.BooleanField("synthetic", default=False)

    class Meta(Result.Meta):
        ordering = ("-trade_date", "sc", "-version")
        constraints = [
            models.UniqueConstraint(fields=["run", "sc"], name="an_sc_has_one_statement_of_a_run"),
            models.CheckConstraint(
                name="a_total_is_charges_plus_payments",
                condition=models.Q(total=models.F("charges") + models.F("payments")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sc} {self.trade_date} v{self.version}"


class StatementLine(Result):
    """One line of a statement: a charge code, a resource, a TAC area for an allocation."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    charge_code = models.CharField("charge", max_length=20)
    resource = models.ForeignKey(
        "resources.Resource",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    tac_area = models.ForeignKey(
        "resources.TacArea", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    contract_no = models.CharField("contract", max_length=40, blank=True, default="")
    amount = QuantityField("USD")
    previous_amount = QuantityField("USD", "previous", null=True)

    class Meta(Result.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "line_no"], name="a_statement_line_is_numbered_once"
            )
        ]

    @property
    def change(self) -> Any:
        """What this version bills: the full amount less that of the version before."""
        return self.amount - (self.previous_amount or 0)


@tracked
class StatementReceipt(Case):
    """A statement in its SC's queue: waiting, acknowledged, put away."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="receipt")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")

    STATES = RECEIPT_STATES

    class Meta:
        verbose_name = "statement in the queue"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(RECEIPT_STATES)
