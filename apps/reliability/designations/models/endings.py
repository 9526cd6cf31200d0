"""How a designation ends before its last day: proposed by one person, approved by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers, second_person
from apps.reliability.designations.codes import ENDINGS, PROPOSAL_STATES
from apps.reliability.designations.models.cases import Designation

ROW_POLICIES.register(RowPolicy("designations_designationending", NOBODY_READS))


@tracked
class DesignationEnding(Case):
    """A lapse or an early termination of a designation; ``follows`` says what comes of it."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="endings")
    kind = models.CharField(max_length=9, choices=[(e.value, t) for e, t in ENDINGS.items()])
    last_day = models.DateField("new last day", null=True)
    ferc_docket = models.CharField("FERC docket", max_length=40, blank=True)
    ferc_approved_on = models.DateField("FERC order", null=True)
    reason = models.CharField(max_length=500)
    over_files = models.CharField("although a file waits", max_length=400, blank=True)
    follows = models.JSONField("what follows", default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = PROPOSAL_STATES

    class Meta:
        verbose_name = "designation ending"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(PROPOSAL_STATES)
        constraints = [
            *second_person("a_designation_ending", "APPROVED", "REJECTED"),
            models.UniqueConstraint(
                name="one_ending_of_a_designation_waits_at_a_time",
                fields=["designation"],
                condition=models.Q(state="PROPOSED"),
            ),
            models.UniqueConstraint(
                name="a_designation_ends_once_on_a_day",
                fields=["designation", "last_day"],
                condition=models.Q(state="APPROVED"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="a_termination_names_its_last_day",
                condition=models.Q(kind="LAPSE") ^ models.Q(last_day__isnull=False),
            ),
        ]
