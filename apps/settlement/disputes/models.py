"""Disputes of statement lines."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers, second_person
from apps.platform.ui.fields import QuantityField
from apps.settlement.disputes.codes import DISPUTE_STATES

ROW_POLICIES.register(RowPolicy("disputes_dispute", f"sc_id = {OWN_PARTY}"))


@tracked
class Dispute(Case):
    """An SC's dispute of a line of its statement.

    ``stated``: what the line says, in full; ``should_be``: what it ought to say, empty for a
    placeholder; ``amount``: the difference, positive in the SC's favour. ``outcome``: the
    statement in which an accepted dispute was corrected, with the line's new full amount.
    """

    statement = models.ForeignKey(
        "statements.Statement", on_delete=models.PROTECT, related_name="disputes"
    )
    line_no = models.PositiveIntegerField("line")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    trade_date = models.DateField()
    run_type = models.CharField("run", max_length=12)
    charge_code = models.CharField("charge", max_length=20)
    stated = QuantityField("USD")
    should_be = QuantityField("USD", "should be", null=True)
    amount = QuantityField("USD", "disputed", null=True)
    change_only = models.BooleanField("change only", default=False)
    placeholder = models.BooleanField(default=False)
    reason = models.CharField(max_length=2000)
    until = models.DateField("window ends")
    figure_by = models.DateField("figure due", null=True)
    granted = QuantityField("USD", "granted", null=True)
    correct_in = models.CharField("corrected in", max_length=12, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.ForeignKey(
        "statements.Statement", on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome_amount = QuantityField("USD", "line after correction", null=True)

    STATES = DISPUTE_STATES

    class Meta:
        verbose_name = "dispute"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(DISPUTE_STATES)
        constraints = [
            *second_person("a_dispute", "ACCEPTED", "DENIED"),
            models.UniqueConstraint(
                fields=["statement", "line_no"],
                name="a_line_is_disputed_once_at_a_time",
                condition=models.Q(state__in=["OPEN", "ACCEPTED"]),
            ),
            models.CheckConstraint(
                name="an_accepted_dispute_has_a_figure",
                condition=~models.Q(state__in=["ACCEPTED", "CLOSED"])
                | models.Q(granted__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge_code} {self.trade_date}, line {self.line_no}"
