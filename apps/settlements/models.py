"""Results of the daily settlement."""

from __future__ import annotations

from django.db import models

from apps.accounts.terms import OWN_PARTY, wall
from apps.audit.models import Result
from apps.designations.terms import Scope
from apps.resources.terms import Vintage
from apps.settlements.terms import Outcome
from apps.ui.fields import QuantityField

wall("settlements_capacitypayment", f"sc_id = {OWN_PARTY}")
wall("settlements_allocationline", f"sc_id = {OWN_PARTY}")


class CapacityPayment(Result):
    """How the day of one RMR contract ended, and the amount paid to its SC (RMR-CAP)."""

    contract_no = models.CharField("contract", max_length=40)
    resource = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=[(o.value, o.value) for o in Outcome])
    sentence = models.CharField("why", max_length=300)
    vintage = models.CharField(max_length=6, choices=[(v.value, v.value) for v in Vintage])
    scope = models.CharField(max_length=6, choices=[(s.value, s.value) for s in Scope])
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
        "resources.Resource", on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    sc = models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    tac_area = models.ForeignKey(
        "resources.TacArea", on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    scope = models.CharField(max_length=6, choices=[(s.value, s.value) for s in Scope])
    tac_mw = QuantityField("MW", "contract MW", null=True)
    load_mwh = QuantityField("MWH", "SC load")
    base_mwh = QuantityField("MWH", "load shared by")
    amount = QuantityField("USD")

    class Meta(Result.Meta):
        abstract = False
