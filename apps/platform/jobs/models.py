"""Background jobs as people see them, their log, and the files they made."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS, OWN_USERS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import append_only
from apps.platform.core.request_ids import LONGEST_ID
from apps.platform.jobs.codes import JobState
from apps.platform.ui.fields import AddressField

PLAIN_MODELS.register(
    PlainModel(
        "jobs.Job", "how background work stands; what it changes is on record where it changes it"
    )
)
PLAIN_MODELS.register(PlainModel("jobs.JobLine", "the log of a job, append-only"))
PLAIN_MODELS.register(PlainModel("jobs.JobFile", "a file a job made; removed after a week"))
PLAIN_MODELS.register(PlainModel("jobs.JobFilePart", "the bytes of such a file"))
PLAIN_MODELS.register(
    PlainModel("jobs.QueueAlarm", "a queue that waited too long; what told of it is in the inbox")
)
ROW_POLICIES.register(RowPolicy("jobs_queuealarm", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("jobs_job", f"actor_id in {OWN_USERS}"))
for _table in ("jobs_jobline", "jobs_jobfile"):
    ROW_POLICIES.register(RowPolicy(_table, "job_id in (select id from jobs_job)"))
ROW_POLICIES.register(RowPolicy("jobs_jobfilepart", "file_id in (select id from jobs_jobfile)"))


class Job(models.Model):
    """One piece of background work."""

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    address = AddressField("leads to", max_length=300, blank=True)
    arguments = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in JobState])
    queued_at = models.DateTimeField("queued")
    started_at = models.DateTimeField("started", null=True)
    ended_at = models.DateTimeField("ended", null=True)
    done = models.BigIntegerField(null=True)
    total = models.BigIntegerField(null=True)
    note = models.CharField("now", max_length=200, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    put_off_times = models.PositiveIntegerField(default=0, db_default=0)
    put_off_since = models.DateTimeField(null=True)
    cancel_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancel_at = models.DateTimeField(null=True)
    request_id = models.CharField(
        "request", max_length=LONGEST_ID, blank=True, default="", db_default=""
    )

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["state", "kind"], name="jobs_by_state_and_kind")]

    def __str__(self) -> str:
        return f"job {self.pk}"


class JobLine(models.Model):
    """One line of a job's log."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField()
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ("id",)
        triggers = append_only()


class JobFile(models.Model):
    """A file a job made for the person who asked for it."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="file")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField("size")
    expires_at = models.DateTimeField("kept until")


class JobFilePart(models.Model):
    """Some bytes of such a file, in order."""

    file = models.ForeignKey(JobFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="a_part_is_numbered_once")
        ]


class QueueAlarm(models.Model):
    """A kind of work whose oldest job waited beyond its limit, until it did no more."""

    kind = models.CharField(max_length=40)
    since = models.DateTimeField("the oldest was queued")
    told_at = models.DateTimeField("told")
    ended_at = models.DateTimeField("ended", null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(ended_at__isnull=True),
                name="one_alarm_of_a_queue_at_a_time",
            )
        ]
