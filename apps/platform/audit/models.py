"""Kinds of row, each protected in the database, and the log of what people did.

A *Fact* came in and never changes; an *EffectiveDated* row holds from-to and is superseded; a
*Case* moves through states; a *Result* came out of a run and never changes. See
docs/adr/0001-four-kinds-of-row.md.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models

from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.core.request_ids import LONGEST_ID
from apps.platform.core.states import States
from apps.platform.core.tradetime import FAR_FUTURE, Span


def never_emptied() -> pgtrigger.Trigger:
    """Refuse TRUNCATE of a table, which row triggers never see."""
    return pgtrigger.Trigger(
        name="never_emptied",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'Cannot truncate rows from % table', TG_TABLE_NAME;",
    )


def append_only() -> tuple[pgtrigger.Trigger, ...]:
    """Refuse UPDATE, DELETE and TRUNCATE of a table, also from the ORM and from plain SQL."""
    return (
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        never_emptied(),
    )


class Kind(models.Model):
    """The base of the four kinds of row; a model is one of them, or says why not.

    Fact stands in uploads and Result in runs, beside what their rows come from;
    EffectiveDated and Case are here.
    """

    class Meta:
        abstract = True


class EffectiveDated(Kind):
    """A value that holds over ``valid`` trade dates, as we knew it over ``known``.

    Nothing is edited: a change closes ``known`` of the old version and opens a new one. Somebody
    proposed it, somebody else approved it, and it carries a reference. The dataset version is
    named, not imported: an EffectiveDated row may come from a file, and uploads stand above.
    """

    valid = DateRangeField()
    known = DateTimeRangeField()
    reference = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    line_no = models.PositiveIntegerField("row in file", null=True)

    class Meta:
        abstract = True
        triggers = (
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied(),
            pgtrigger.ReadOnly(name="only_known_closes", exclude=["known"]),
            pgtrigger.Protect(
                name="closed_stays_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NOT (upper_inf(OLD.known) AND lower(OLD.known) = lower(NEW.known))"
                ),
            ),
        )

    @property
    def span(self) -> Span:
        """The trade dates this value holds for."""
        first: date = self.valid.lower or date.min
        return Span(first, self.valid.upper or FAR_FUTURE)

    @property
    def known_from(self) -> datetime:
        """The moment from which this version is what we know."""
        moment: datetime = self.known.lower
        return moment


def effective_dated_constraints(prefix: str, *keys: str) -> list[models.BaseConstraint]:
    """Return the guards of an EffectiveDated row: one value at one moment, and two different
    people.
    """
    return [
        ExclusionConstraint(
            name=f"{prefix}_holds_one_value_at_a_time",
            expressions=[
                *((key, RangeOperators.EQUAL) for key in keys),
                ("valid", RangeOperators.OVERLAPS),
                ("known", RangeOperators.OVERLAPS),
            ],
        ),
        models.CheckConstraint(
            name=f"{prefix}_needs_two_people",
            condition=~models.Q(proposed_by=models.F("approved_by")),
        ),
        models.CheckConstraint(name=f"{prefix}_has_a_reference", condition=~models.Q(reference="")),
    ]


class Case(Kind):
    """Something that moves through states, one recorded step at a time."""

    state = models.CharField(max_length=20)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()

    STATES: States

    class Meta:
        abstract = True


def case_triggers(states: States) -> tuple[pgtrigger.Trigger, ...]:
    """Return the database guards of a Case: only the moves of its table, never a deletion."""
    return (
        pgtrigger.FSM(name="only_allowed_moves", field="state", transitions=states.steps),
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        never_emptied(),
        pgtrigger.Protect(
            name="starts_at_the_start",
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition(f"NEW.state <> '{states.initial}'"),
        ),
    )


def second_person(prefix: str, *states: str) -> list[models.BaseConstraint]:
    """Return the guards of a case that a second person decides, and that names who did."""
    decided = models.Q(state__in=states)
    return [
        models.CheckConstraint(
            name=f"a_second_person_decides_{prefix}",
            condition=~(decided & models.Q(decided_by=models.F("opened_by"))),
        ),
        models.CheckConstraint(
            name=f"{prefix}_names_who_decided",
            condition=~(decided & models.Q(decided_by__isnull=True)),
        ),
    ]


class AuditEvent(models.Model):
    """One thing somebody did: a dotted past-tense name and a sentence for people."""

    action = models.CharField(max_length=80, db_index=True)
    sentence = models.CharField(max_length=500)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    subject = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    request_id = models.CharField(
        "request", max_length=LONGEST_ID, blank=True, default="", db_default=""
    )

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="events_of_a_subject"),
            models.Index(
                fields=["request_id"],
                name="events_of_a_request",
                condition=~models.Q(request_id=""),
            ),
        ]
        triggers = append_only()


class ReadEvent(models.Model):
    """One look of somebody at rows of another party: who, when, what, with which filters."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    what = models.CharField(max_length=120)
    party = models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, null=True, related_name="+"
    )
    address = models.CharField(max_length=300)

    class Meta:
        ordering = ("-at", "-id")
        triggers = append_only()


class KnowledgeClock(models.Model):
    """The last moment at which anything became known; one row, locked while it moves on."""

    latest = models.DateTimeField()


PLAIN_MODELS.register(
    PlainModel("accounts.Party", "an identity; its changes are tracked"),
    PlainModel("accounts.User", "an identity; its changes are tracked"),
    PlainModel("accounts.Membership", "a grant; its changes are tracked"),
    PlainModel("audit.AuditEvent", "the log itself, append-only"),
    PlainModel("audit.ReadEvent", "the log of looks at other parties' rows, append-only"),
    PlainModel("audit.KnowledgeClock", "one row that orders what becomes known"),
)


def event_label(instance: Any) -> str:
    """Return the label under which events of a row are kept."""
    return str(instance._meta.label)
