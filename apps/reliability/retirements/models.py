"""Notices of retirement and mothball, the affidavits that take them back, and the public list."""

from __future__ import annotations

from django.db import models

from apps.platform.accounts.codes import NOBODY_READS, OWN_PARTY
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, append_only, case_triggers
from apps.platform.ui.fields import QuantityField
from apps.reliability.retirements.codes import (
    AFFIDAVIT_STATES,
    DECISIONS,
    NOTICE_STATES,
    REFERRAL_STATES,
    RETURN_REASONS,
    Decision,
    LongTermState,
)

ROW_POLICIES.register(RowPolicy("retirements_retirementnotice", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("retirements_returnaffidavit", f"sc_id = {OWN_PARTY}"))
ROW_POLICIES.register(RowPolicy("retirements_referral", NOBODY_READS))
OPEN_TABLES.register(
    OpenTable("retirements_publiclistentry", "the list the ISO publishes, with every change of it")
)
PLAIN_MODELS.register(
    PlainModel("retirements.PublicListEntry", "one published state of one notice, append-only")
)

STATES = [(s.value, s.value) for s in LongTermState]


@tracked
class RetirementNotice(Case):
    """A request to retire or mothball a resource, filed by its SC or by the ISO for it."""

    resource = models.ForeignKey(
        "resources.Resource", on_delete=models.PROTECT, related_name="retirement_notices"
    )
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.CharField(max_length=120)
    state_before = models.CharField("from", max_length=10, choices=STATES)
    state_requested = models.CharField("to", max_length=10, choices=STATES)
    notice_date = models.DateField("notice")
    requested_date = models.DateField("requested for")
    capacity_mw = QuantityField("MW", "capacity")
    local_area = models.ForeignKey(
        "resources.LocalArea", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=500)
    decision = models.CharField(
        max_length=10,
        choices=[(d.value, t) for d, t in DECISIONS.items()],
        default=Decision.OPEN.value,
    )
    is_synthetic = models.BooleanField("synthetic", default=False)

    STATES = NOTICE_STATES

    class Meta:
        verbose_name = "retirement notice"
        ordering = ("-notice_date", "-id")
        triggers = case_triggers(NOTICE_STATES)
        constraints = [
            models.UniqueConstraint(
                fields=["resource"],
                condition=models.Q(state__in=["DRAFT", "ANNOUNCED"]),
                name="a_resource_has_one_open_notice",
            ),
            models.CheckConstraint(
                name="a_notice_changes_the_state",
                condition=~models.Q(state_before=models.F("state_requested")),
            ),
        ]


@tracked
class ReturnAffidavit(Case):
    """Sworn reasons for taking a notice back or returning to service (BRQ-0051, BRQ-0052)."""

    notice = models.ForeignKey(
        RetirementNotice, on_delete=models.PROTECT, related_name="affidavits"
    )
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, null=True, related_name="+")
    reason_code = models.CharField(
        "reason", max_length=12, choices=[(r.value, t) for r, t in RETURN_REASONS.items()]
    )
    justification = models.CharField(max_length=2000)
    return_date = models.DateField("back on")

    STATES = AFFIDAVIT_STATES

    class Meta:
        verbose_name = "return affidavit"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(AFFIDAVIT_STATES)
        constraints = [
            models.UniqueConstraint(
                fields=["notice"],
                condition=~models.Q(state="DISCARDED"),
                name="a_notice_is_taken_back_once",
            ),
            models.CheckConstraint(
                name="an_affidavit_gives_its_justification",
                condition=~models.Q(justification=""),
            ),
        ]


@tracked
class Referral(Case):
    """An affidavit referred to market monitoring: who, when, why; never public (BRQ-0050)."""

    notice = models.ForeignKey(RetirementNotice, on_delete=models.PROTECT, related_name="referrals")
    why = models.CharField(max_length=2000)

    STATES = REFERRAL_STATES

    class Meta:
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(REFERRAL_STATES)
        constraints = [
            models.CheckConstraint(name="a_referral_says_why", condition=~models.Q(why=""))
        ]


class PublicListEntry(models.Model):
    """What the public list says of one notice from a moment on; the newest one is the list.

    A row is written only when something public changed, so each row is one item of the feed.
    """

    notice = models.ForeignKey(RetirementNotice, on_delete=models.PROTECT, related_name="entries")
    version = models.PositiveIntegerField()
    at = models.DateTimeField("published")
    change = models.CharField("what changed", max_length=300)
    resource_code = models.CharField("resource ID", max_length=40)
    resource_name = models.CharField("resource", max_length=120, blank=True)
    owner = models.CharField(max_length=120)
    capacity_mw = QuantityField("MW", "capacity")
    local_area = models.CharField(max_length=20, blank=True)
    state_before = models.CharField("from", max_length=10)
    state_requested = models.CharField("to", max_length=10)
    notice_date = models.DateField("notice")
    requested_date = models.DateField("requested for")
    state = models.CharField(max_length=20)
    decision = models.CharField(max_length=10, choices=[(d.value, t) for d, t in DECISIONS.items()])
    is_synthetic = models.BooleanField("synthetic", default=False)

    class Meta:
        ordering = ("-at", "-id")
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "version"], name="a_public_entry_is_numbered_once"
            )
        ]
