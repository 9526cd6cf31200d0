"""Uploads as received, what was found in them, and the dataset versions they became."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models

from apps.platform.accounts.codes import OWN_USERS
from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, Kind, append_only, case_triggers
from apps.platform.core.violations import Severity
from apps.platform.uploads.codes import UPLOAD_STATES
from apps.platform.uploads.hooks import dataset_title

ROW_POLICIES.register(
    RowPolicy(
        "uploads_upload",
        f"opened_by_id in {OWN_USERS}",
    )
)
ROW_POLICIES.register(
    RowPolicy("uploads_uploadcontent", "upload_id in (select id from uploads_upload)")
)
ROW_POLICIES.register(
    RowPolicy("uploads_uploadviolation", "upload_id in (select id from uploads_upload)")
)
ROW_POLICIES.register(
    RowPolicy(
        "uploads_acknowledgement",
        "violation_id in (select id from uploads_uploadviolation)",
    )
)
OPEN_TABLES.register(
    OpenTable("uploads_datasetversion", "explanations of every party name versions; no rows in it")
)

PLAIN_MODELS.register(
    PlainModel("uploads.Acknowledgement", "a second person's word on a warning, append-only")
)
PLAIN_MODELS.register(PlainModel("uploads.UploadContent", "the bytes of an upload, append-only"))
PLAIN_MODELS.register(PlainModel("uploads.UploadViolation", "a remark on an upload, append-only"))
PLAIN_MODELS.register(PlainModel("uploads.DatasetVersion", "what Facts point at, append-only"))


@tracked
class Upload(Case):
    """One received file on its way to becoming dataset versions."""

    kind = models.CharField(max_length=60)
    file_name = models.CharField("file", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size_bytes = models.BigIntegerField("size")
    options = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    row_count = models.PositiveIntegerField("rows", null=True)
    error_count = models.PositiveIntegerField("errors", null=True)
    warning_count = models.PositiveIntegerField("warnings", null=True)
    preview = models.JSONField(default=dict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    second_person = models.BooleanField(default=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by", editable=False
    )

    STATES = UPLOAD_STATES

    class Meta:
        ordering = ("-opened_at",)
        triggers = case_triggers(UPLOAD_STATES)
        constraints = [
            models.CheckConstraint(
                name="a_second_person_confirms_an_upload",
                condition=~models.Q(
                    state="CONFIRMED", second_person=True, decided_by=models.F("opened_by")
                ),
            ),
            models.CheckConstraint(
                name="a_confirmed_upload_names_who_confirmed",
                condition=~models.Q(state="CONFIRMED", decided_by__isnull=True),
            ),
        ]


class UploadContent(models.Model):
    """The file, byte for byte as received."""

    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="content")
    content = models.BinaryField()

    class Meta:
        triggers = append_only()


class UploadViolation(models.Model):
    """One violation of one reading of an upload."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="violations")
    reading = models.PositiveSmallIntegerField(default=1)
    line = models.PositiveIntegerField("row")
    column = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Severity])
    message = models.CharField(max_length=500)
    value = models.CharField("found", max_length=200, blank=True)

    class Meta:
        ordering = ("line", "column", "code")
        triggers = append_only()


class DatasetVersion(models.Model):
    """One confirmed version of one dataset for one period.

    Rows numbered above ``carried_above`` are of the version it ``carries``, less that number: its
    own file corrected other parts of the period.
    """

    dataset = models.CharField(max_length=60)
    period = models.CharField(max_length=30)
    valid = DateRangeField("days")
    version = models.PositiveIntegerField()
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="versions")
    content_hash = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField("rows")
    is_synthetic = models.BooleanField("synthetic", default=False)
    carries = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    carried_above = models.PositiveIntegerField(null=True, editable=False)
    known_from = models.DateTimeField("confirmed")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-known_from", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "period", "version"], name="a_dataset_version_is_numbered_once"
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.dataset} {self.period} v{self.version}"

    @property
    def title(self) -> str:
        """The version as people call it: title of the dataset, period, version."""
        parts = [dataset_title(self.dataset), self.period if self.period != "all" else ""]
        return ", ".join([*(p for p in parts if p), f"version {self.version}"])


class Acknowledgement(models.Model):
    """A warning of plausibility that a second person says is right, and why."""

    dataset_version = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    violation = models.OneToOneField(
        UploadViolation, on_delete=models.PROTECT, related_name="acknowledgement"
    )
    reason = models.CharField(max_length=300)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("pk",)
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                name="a_second_person_acknowledges",
                condition=~models.Q(acknowledged_by=models.F("sent_by")),
            ),
            models.CheckConstraint(
                name="an_acknowledgement_has_a_reason", condition=~models.Q(reason="")
            ),
        ]


class Fact(Kind):
    """A row that came in: it knows its dataset version and the line of the file."""

    dataset_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    line_no = models.PositiveIntegerField("row in file")

    class Meta:
        abstract = True
        triggers = append_only()


class PartyFile(Case):
    """A file that an SC files itself: taken whole or refused whole, with every violation kept."""

    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField("file", max_length=200)
    sha256 = models.CharField("fingerprint", max_length=64)
    row_count = models.PositiveIntegerField("rows", default=0)
    violations = models.JSONField(default=list)

    class Meta:
        abstract = True
