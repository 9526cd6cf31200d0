"""Uploads and uploaded rows as the API answers them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.platform.ui.serializers import ViolationSerializer, as_stored
from apps.platform.uploads import selectors
from apps.platform.uploads.models import Upload

MOST_VIOLATIONS = 1000


class PeriodSerializer(serializers.Serializer[Any]):
    """How the rows of a period differ from those that are current."""

    period = serializers.CharField()
    base = serializers.IntegerField(help_text="version it is compared with; 0: there is none")
    rows = serializers.IntegerField()
    same = serializers.BooleanField(help_text="identical to what is current")
    added = serializers.IntegerField(help_text="rows")
    changed = serializers.IntegerField(help_text="rows")
    removed = serializers.IntegerField(help_text="rows no longer in force")
    unchanged = serializers.IntegerField(help_text="rows")
    kept = serializers.IntegerField(
        required=False, help_text="rows of parts the file does not name, which stay in force"
    )
    samples = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField()),
        help_text="some rows of each kind of change, by the columns of the file",
    )


class DefaultedSerializer(serializers.Serializer[Any]):
    """A column whose blank cells are read as its default."""

    column = serializers.CharField()
    value = serializers.CharField(help_text="what the layout says a blank is read as")
    cells = serializers.IntegerField(help_text="how many cells are blank")


class PreviewSerializer(serializers.Serializer[Any]):
    """What a reading found; empty before the first one."""

    periods = PeriodSerializer(many=True, required=False)
    defaults = DefaultedSerializer(many=True, required=False)
    reading = serializers.IntegerField(required=False, help_text="how often the file was read")
    violations = serializers.IntegerField(required=False, help_text="how many there are")
    fits = serializers.DictField(
        child=serializers.IntegerField(),
        required=False,
        help_text="kinds whose headings fit a file without readable rows: how many of them",
    )
    kept = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        allow_null=True,
        help_text="what others ask of a file of contract terms while it waits: resource, contract, "
        "first and last day; null where there are too many",
    )


class PlausibilitySerializer(serializers.Serializer[Any]):
    """A warning of plausibility, and the second person's word on it."""

    id = serializers.IntegerField(help_text="names it where it is acknowledged")
    code = serializers.CharField(help_text="stable; meant for programs")
    message = serializers.CharField(help_text="a sentence for people")
    reason = serializers.CharField(
        source="acknowledgement.reason", default="", help_text="why it is right; empty: not said"
    )
    acknowledged_by = serializers.CharField(
        source="acknowledgement.acknowledged_by.username", default=""
    )
    acknowledged_at = serializers.DateTimeField(
        source="acknowledgement.acknowledged_at", default=None
    )


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """An upload as it stands, with its violations and versions."""

    preview = as_stored(PreviewSerializer, "what confirming it would change")
    violations = serializers.SerializerMethodField(
        help_text="of the latest reading, at most a thousand"
    )
    plausibility = serializers.SerializerMethodField(
        help_text="warnings that each need a reason of a second person"
    )
    versions = serializers.SerializerMethodField()
    sent_by = serializers.CharField(source="opened_by.username")

    class Meta:
        model = Upload
        fields = (
            "id",
            "kind",
            "file_name",
            "sha256",
            "size_bytes",
            "state",
            "row_count",
            "error_count",
            "warning_count",
            "sent_by",
            "opened_at",
            "second_person",
            "preview",
            "violations",
            "plausibility",
            "versions",
        )

    @extend_schema_field(ViolationSerializer(many=True))
    def get_violations(self, upload: Upload) -> Any:
        """The violations of the latest reading, at most a thousand."""
        rows = selectors.violations(upload=upload)[:MOST_VIOLATIONS]
        return ViolationSerializer(rows, many=True).data

    @extend_schema_field(PlausibilitySerializer(many=True))
    def get_plausibility(self, upload: Upload) -> Any:
        """The warnings of plausibility, with who acknowledged them."""
        rows = selectors.plausibility_shown(upload=upload)
        return PlausibilitySerializer(
            rows.select_related("acknowledgement__acknowledged_by"), many=True
        ).data

    def get_versions(self, upload: Upload) -> list[str]:
        """The dataset versions the upload became."""
        return [str(v) for v in upload.versions.all()]


class UploadedRowSerializer(serializers.Serializer[Any]):
    """One row of a file as it was received."""

    dataset = serializers.CharField()
    period = serializers.CharField()
    version = serializers.IntegerField(help_text="version of the dataset")
    file = serializers.CharField(source="upload.file_name")
    sha256 = serializers.CharField(source="upload.sha256", help_text="of the file")
    line_no = serializers.SerializerMethodField(help_text="row of the file")
    row = serializers.SerializerMethodField(help_text="cells by the headings of the file")

    def get_line_no(self, version: Any) -> int:
        """The number the row was asked by."""
        return int(self.context["line_no"])

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_row(self, version: Any) -> dict[str, str]:
        """The cells of the row."""
        return dict(self.context["row"])
