"""RMR contracts with their price and their capacity by TAC area."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import EffectiveDated, effective_dated_constraints
from apps.platform.ui.fields import QuantityField
from apps.reliability.designations.codes import AllocationScope, Nonperformance, ObligationType

OWN_CONTRACTS = "(select contract_no from designations_rmrcontract)"  # itself under a row policy


def own_on(days: str) -> str:
    """Return SQL for rows of a resource that is the party's on some of the row's days."""
    return (
        "exists (select 1 from resources_scassociation a where a.resource_id = "
        f"{days.partition('.')[0]}.resource_id and upper_inf(a.known) and a.valid && {days})"
    )


TODAY = "(rmrcpm_now() at time zone 'America/Los_Angeles')::date"


def open_now(contract_no: str) -> str:
    """Return SQL for rows of a contract whose terms every SC is told today.

    Says the same as ``selectors.terms_open``. contract_no: the column that names the contract.
    """
    return (
        "exists (select 1 from parameters_parametervalue v where v.name = 'rmr.terms_told' "
        f"and v.text = 'TERMS' and upper_inf(v.known) and v.valid @> {TODAY}) or coalesce("
        "(select d.kind = 'OPEN' from designations_contractdisclosure d where d.contract_no = "
        f"{contract_no} and d.state = 'APPROVED' and d.first_date <= {TODAY} "
        "order by d.id desc limit 1), false)"
    )


ROW_POLICIES.register(
    RowPolicy(
        "designations_rmrcontract",
        f"rmrcpm_party() > 0 and ({own_on('designations_rmrcontract.valid')} "
        f"or {open_now('designations_rmrcontract.contract_no')})",
    )
)
ROW_POLICIES.register(RowPolicy("designations_contractprice", f"contract_no in {OWN_CONTRACTS}"))
ROW_POLICIES.register(RowPolicy("designations_capacitybytac", f"contract_no in {OWN_CONTRACTS}"))


@tracked
class RmrContract(EffectiveDated):
    """An RMR contract over a span of trade dates. Its vintage follows from its effective date."""

    contract_no = models.CharField("contract", max_length=40)
    resource = models.ForeignKey(
        "resources.Resource", on_delete=models.PROTECT, related_name="contracts"
    )
    effective_date = models.DateField("effective")
    condition = models.CharField(max_length=1, null=True)
    scope = models.CharField(max_length=6, choices=[(s.value, s.value) for s in AllocationScope])
    local_area = models.ForeignKey(
        "resources.LocalArea", on_delete=models.PROTECT, null=True, related_name="+"
    )
    nonperformance = models.CharField(
        max_length=11, choices=[(n.value, n.value) for n in Nonperformance]
    )
    penalty = models.CharField("negotiated penalty", max_length=300, blank=True, default="")
    ferc_docket = models.CharField("FERC docket", max_length=40, blank=True, default="")
    ferc_approved_on = models.DateField("FERC approval", null=True)
    mw_override = models.CharField(
        "why MW differs from Pmax", max_length=300, blank=True, default=""
    )
    is_synthetic = models.BooleanField("synthetic", default=False)

    class Meta(EffectiveDated.Meta):
        constraints = [
            *effective_dated_constraints("a_contract", "contract_no"),
            ExclusionConstraint(
                name="a_resource_has_one_rmr_contract_at_a_time",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("known", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="a_local_contract_names_its_area",
                condition=models.Q(scope="SYSTEM") | models.Q(local_area__isnull=False),
            ),
        ]


@tracked
class ContractPrice(EffectiveDated):
    """The price of a contract over a span of trade dates."""

    contract_no = models.CharField("contract", max_length=40)
    price = QuantityField("USD_PER_MW_DAY")
    afrr = QuantityField("USD", "fixed revenue requirement", null=True)
    ferc_docket = models.CharField("FERC docket", max_length=40, blank=True, default="")
    ferc_approved_on = models.DateField("FERC approval", null=True)

    class Meta(EffectiveDated.Meta):
        constraints = [
            *effective_dated_constraints("a_contract_price", "contract_no"),
            models.CheckConstraint(
                name="a_contract_price_is_above_zero", condition=models.Q(price__gt=0)
            ),
        ]


@tracked
class CapacityByTac(EffectiveDated):
    """The megawatts of a contract in one TAC area for one obligation type."""

    contract_no = models.CharField("contract", max_length=40)
    tac_area = models.ForeignKey("resources.TacArea", on_delete=models.PROTECT, related_name="+")
    obligation_type = models.CharField(
        max_length=7, choices=[(o.value, o.value) for o in ObligationType]
    )
    mw = QuantityField("MW", "capacity")

    class Meta(EffectiveDated.Meta):
        constraints = [
            *effective_dated_constraints(
                "a_capacity", "contract_no", "tac_area", "obligation_type"
            ),
            models.CheckConstraint(
                name="a_capacity_is_not_negative", condition=models.Q(mw__gte=0)
            ),
        ]
