"""Substitutions and exemptions of outages."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.adequacy.substitutions.codes import (
    EXEMPTION_STATES,
    PARTS,
    REASON_CODES,
    SUBSTITUTION_STATES,
)
from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers, second_person
from apps.platform.ui.fields import QuantityField

OWN_NOW = "(select resource_id from resources_scassociation where upper_inf(known))"
for _table in ("substitution", "exemption"):
    ROW_POLICIES.register(
        RowPolicy(f"substitutions_{_table}", f"sc_id = {OWN_PARTY} or resource_id in {OWN_NOW}")
    )


class OfOutage(Case):
    """A case about an outage, named by its MRID or as ``card 12``."""

    outage = models.CharField(max_length=40)
    outage_type = models.CharField("type", max_length=7)
    nature = models.CharField("nature of work", max_length=50)
    resource = models.ForeignKey(
        "resources.Resource",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="resource that is out",
    )
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("to")
    decided_at = models.DateTimeField("decided", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ("-opened_at", "-id")


@tracked
class Substitution(OfOutage):
    """Megawatts of another resource in place of one that is out, for a part of its obligation."""

    substitute = models.ForeignKey("resources.Resource", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=7, choices=list(PARTS.items()))
    mw = QuantityField("MW", "substituted")
    process = models.CharField(max_length=9)
    late_reason = models.CharField("why late", max_length=300, blank=True)
    remarks = models.JSONField(default=list)
    ended_at = models.DateTimeField("ended", null=True)

    STATES = SUBSTITUTION_STATES

    class Meta(OfOutage.Meta):
        abstract = False
        verbose_name = "substitution"
        triggers = case_triggers(SUBSTITUTION_STATES)
        constraints = [
            *second_person("a_substitution", "APPROVED", "DENIED"),
            models.CheckConstraint(
                name="a_substitution_ends_after_it_begins",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="nobody_substitutes_for_itself",
                condition=~models.Q(resource=models.F("substitute")),
            ),
        ]
        indexes = [models.Index(fields=["resource", "starts_at"], name="substitutions_of_resource")]


@tracked
class Exemption(OfOutage):
    """An SC asks that RAAIM leave an outage out."""

    reason_code = models.CharField(max_length=15, choices=list(REASON_CODES.items()))
    reason = models.CharField(max_length=500)

    STATES = EXEMPTION_STATES

    class Meta(OfOutage.Meta):
        abstract = False
        verbose_name = "exemption request"
        triggers = case_triggers(EXEMPTION_STATES)
        constraints = second_person("an_exemption", "APPROVED", "DENIED")
