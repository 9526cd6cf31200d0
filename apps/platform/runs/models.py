"""Runs, what they read, which one is current, and when a day went stale."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, Kind, append_only, case_triggers
from apps.platform.core.tradetime import PACIFIC
from apps.platform.runs.codes import RUN_STATES
from apps.platform.uploads.hooks import dataset_title

OPEN_TABLES.register(
    OpenTable("runs_run", "statements of every party name their run; its rows are in result tables")
)
OPEN_TABLES.register(
    OpenTable("runs_runinput", "the versions a run read; every party's statement rests on them")
)
OPEN_TABLES.register(OpenTable("runs_currentrun", "which run of a day is published"))
ROW_POLICIES.register(RowPolicy("runs_stalemark", NOBODY_READS))
OPEN_TABLES.register(
    OpenTable(
        "runs_publication", "hashes of what was published; whoever keeps one can prove a change"
    )
)

PLAIN_MODELS.register(PlainModel("runs.RunInput", "the manifest of a run, append-only"))
PLAIN_MODELS.register(
    PlainModel("runs.CurrentRun", "the one pointer that moves; each move is an audit event")
)
PLAIN_MODELS.register(
    PlainModel("runs.Publication", "one link of the chain of publications, append-only")
)
PLAIN_MODELS.register(PlainModel("runs.StaleMark", "a note that inputs moved, append-only"))


@tracked
class Run(Case):
    """One execution of one calculation for one trade date.

    A pure function of (trade date, known_at, code version). Its number is given when it is sealed,
    so that a failed run leaves no gap.
    """

    kind = models.CharField(max_length=60)
    trade_date = models.DateField()
    version = models.PositiveIntegerField(null=True)
    run_type = models.CharField("type", max_length=12, blank=True)
    reason = models.CharField(max_length=300)
    known_at = models.DateTimeField("as known at")
    code_version = models.CharField(max_length=64)
    input_hash = models.CharField(max_length=64)
    parameter_hash = models.CharField(max_length=64)
    result_hash = models.CharField(max_length=64, blank=True)
    totals = models.JSONField("control totals", default=dict)
    invariants = models.JSONField(default=list)
    holds = models.JSONField("held", default=list)
    over_holds = models.CharField("published over holds, because", max_length=300, blank=True)
    answered_for = models.CharField("answered for, because", max_length=300, blank=True, default="")
    parameters = models.JSONField("parameters used", default=list)
    asked_for = models.JSONField("names of inputs asked for", default=list)
    error = models.TextField(blank=True)
    began_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = RUN_STATES

    class Meta:
        ordering = ("-trade_date", "-id")
        triggers = case_triggers(RUN_STATES)
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "trade_date", "version"], name="a_run_version_is_given_once"
            ),
            models.CheckConstraint(
                name="a_second_person_publishes_a_run",
                condition=~models.Q(state="PUBLISHED", published_by=models.F("opened_by")),
            ),
            models.CheckConstraint(
                name="a_published_run_names_who_published",
                condition=~models.Q(state="PUBLISHED", published_by__isnull=True),
            ),
            models.CheckConstraint(
                name="a_held_run_is_published_with_a_reason",
                condition=~models.Q(state="PUBLISHED")
                | models.Q(holds=[])
                | ~models.Q(over_holds="", answered_for=""),
            ),
            models.CheckConstraint(
                name="a_sealed_run_has_version_and_hash",
                condition=~models.Q(state__in=["SEALED", "PUBLISHED"])
                | (models.Q(version__isnull=False) & ~models.Q(result_hash="")),
            ),
        ]
        indexes = [models.Index(fields=["kind", "trade_date"], name="runs_of_a_day")]

    def __str__(self) -> str:
        return f"{self.trade_date} v{self.version}" if self.version else f"run {self.pk}"


class RunInput(models.Model):
    """One line of a manifest: a dataset version, or a set of terms, and its fingerprint."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="inputs")
    name = models.CharField("input", max_length=60)
    dataset_version = models.ForeignKey(
        "uploads.DatasetVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    term_ids = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)

    class Meta:
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["run", "name", "dataset_version"], name="a_run_reads_an_input_once"
            )
        ]

    @property
    def title(self) -> str:
        """What people call the input."""
        return dataset_title(self.name)

    @property
    def terms_said(self) -> str:
        """How many of it were read; of what is not counted, as of when it was read."""
        if self.term_ids:
            return str(len(self.term_ids))
        return f"as known {self.run.known_at.astimezone(PACIFIC):%Y-%m-%d %H:%M}"


class CurrentRun(models.Model):
    """Which run of a day its readers see."""

    kind = models.CharField(max_length=60)
    trade_date = models.DateField()
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="current")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "trade_date"], name="a_day_has_one_current_run")
        ]


class StaleMark(models.Model):
    """The inputs of a run moved on, or came back to what they were, and why."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="stale_marks")
    at = models.DateTimeField()
    stale = models.BooleanField()
    cause = models.CharField(max_length=300)

    class Meta:
        ordering = ("at", "id")
        triggers = append_only()


class Publication(models.Model):
    """One link of the chain: what was published, its digests, and the hash of the link before.

    ``digests``: by table the columns, the number of rows and the SHA-256 of the run's rows.
    ``late``: published before there was a chain, and linked afterwards.
    """

    number = models.PositiveBigIntegerField(unique=True)
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="publication")
    at = models.DateTimeField("published")
    late = models.BooleanField("linked later", default=False)
    digests = models.JSONField()
    previous_hash = models.CharField("hash before", max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-number",)
        triggers = append_only()

    def __str__(self) -> str:
        return f"publication {self.number}"

    @property
    def row_count(self) -> int:
        """How many rows it answers for."""
        return sum(d["rows"] for d in self.digests.values())


def bulk_key(to: str, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """Return a foreign key for rows that a run writes by the thousand.

    What it points at is never deleted, and the run has just read it, so the database need not look
    it up once more for each row.
    """
    return models.ForeignKey(
        to, on_delete=models.PROTECT, null=null, related_name="+", db_constraint=False
    )


class Result(Kind):
    """A row that came out of a run."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    trade_date = models.DateField()
    line_no = models.PositiveIntegerField("line")

    class Meta:
        abstract = True
        triggers = append_only()
