"""Which contracts are public at FERC: decided by two people, from a day on."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.models import Case, case_triggers, second_person
from apps.reliability.designations.codes import DISCLOSURES, PROPOSAL_STATES

# what is public of which contract may be known; who proposed what is the ISO's
ROW_POLICIES.register(RowPolicy("designations_contractdisclosure", "state = 'APPROVED'"))


@tracked
class ContractDisclosure(Case):
    """A decision that the terms of a contract are told to every SC from a day on, or no longer.

    ``first_date`` is the first day (Pacific) on which readers are told, or no longer told, whatever
    the trade date they read about.
    """

    contract_no = models.CharField("contract", max_length=40)
    kind = models.CharField(max_length=5, choices=[(d.value, t) for d, t in DISCLOSURES.items()])
    first_date = models.DateField("from")
    ferc_docket = models.CharField("FERC docket", max_length=40, blank=True)
    reason = models.CharField(max_length=500)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = PROPOSAL_STATES

    class Meta:
        verbose_name = "contract disclosure"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(PROPOSAL_STATES)
        constraints = [
            *second_person("a_contract_disclosure", "APPROVED", "REJECTED"),
            models.UniqueConstraint(
                name="one_disclosure_of_a_contract_waits_at_a_time",
                fields=["contract_no"],
                condition=models.Q(state="PROPOSED"),
            ),
            models.CheckConstraint(
                name="an_opened_contract_names_its_docket",
                condition=~models.Q(kind="OPEN", ferc_docket=""),
            ),
        ]
