"""Values of declared parameters, and proposals to change one."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import (
    Case,
    EffectiveDated,
    case_triggers,
    effective_dated_constraints,
)
from apps.platform.parameters.codes import PROPOSAL_STATES

OPEN_TABLES.register(
    OpenTable("parameters_parametervalue", "the dated values of the rules are public")
)
ROW_POLICIES.register(RowPolicy("parameters_parameterproposal", NOBODY_READS))


@tracked
class ParameterValue(EffectiveDated):
    """One value of a declared parameter over a span of trade dates."""

    name = models.CharField("parameter", max_length=80)
    text = models.CharField("value", max_length=120)

    class Meta(EffectiveDated.Meta):
        constraints = effective_dated_constraints("a_parameter", "name")


@tracked
class ParameterProposal(Case):
    """A request to let a parameter have a value from one trade date to another."""

    name = models.CharField("parameter", max_length=80)
    text = models.CharField("value", max_length=120)
    first_date = models.DateField("first trade date")
    last_date = models.DateField("last trade date", null=True)
    reference = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = PROPOSAL_STATES

    class Meta:
        triggers = case_triggers(PROPOSAL_STATES)
        constraints = [
            models.CheckConstraint(
                name="a_second_person_decides_a_parameter",
                condition=~models.Q(
                    state__in=["APPROVED", "REJECTED"], decided_by=models.F("opened_by")
                ),
            ),
            models.CheckConstraint(
                name="a_decided_parameter_names_who_decided",
                condition=~models.Q(state__in=["APPROVED", "REJECTED"], decided_by__isnull=True),
            ),
        ]
