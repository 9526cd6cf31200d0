"""How the input rows of a run were used, as the API and the command answer it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.platform.ui.serializers import FilledField


class UnusedRowsSerializer(serializers.Serializer[Any]):
    """Rows that were not used, for one reason."""

    reason = serializers.CharField()
    count = serializers.IntegerField()
    rows = serializers.ListField(
        child=serializers.IntegerField(), help_text="numbers of some of them in their file"
    )


class RunCompletenessSerializer(serializers.Serializer[Any]):
    """One input of a run: how many rows it has and how many were used."""

    input = serializers.CharField(source="title")
    version = FilledField(help_text="of the dataset; null: not a file")
    rows = serializers.IntegerField(source="usage.total")
    used = serializers.IntegerField(source="usage.used")
    unused = UnusedRowsSerializer(many=True, source="usage.unused")


class ToRunSerializer(serializers.Serializer[Any]):
    """A calculation that makes holds good."""

    kind = serializers.CharField(help_text="of calculation")
    days = serializers.ListField(child=serializers.DateField(), help_text="its trade dates")


class HoldOfDaySerializer(serializers.Serializer[Any]):
    """An input of a trade date that is missing or outdated."""

    code = serializers.CharField()
    effect = serializers.CharField(help_text="HELD, REASON or NAMED")
    resource = serializers.CharField(help_text="resource ID")
    sentence = serializers.CharField(help_text="which input, in words")
    kind = serializers.CharField(help_text="calculation that makes it good, or blank")
    days = serializers.ListField(child=serializers.DateField(), help_text="its trade dates")


class CheckedInputSerializer(serializers.Serializer[Any]):
    """A check of a trade date's inputs, and what it found."""

    name = serializers.CharField(source="check.name")
    title = serializers.CharField(source="check.title")
    state = serializers.CharField(help_text="READY, NAMED, REASON or HELD")
    holds = HoldOfDaySerializer(many=True, help_text="one a resource")
    runs = serializers.SerializerMethodField(help_text="calculations that make it good")
    files = serializers.SerializerMethodField(help_text="kinds of files that make it good")

    @extend_schema_field(ToRunSerializer(many=True))
    def get_runs(self, asked: Any) -> Any:
        """The calculations that make holds good."""
        rows = [{"kind": kind, "days": days} for kind, days in asked.runs]
        return ToRunSerializer(rows, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_files(self, asked: Any) -> list[str]:
        """The kinds of files that make holds good."""
        return [code for code, _ in asked.files]


class InputOfDaySerializer(serializers.Serializer[Any]):
    """A file of a trade date, in the version in force."""

    dataset = serializers.CharField(source="dataset.name")
    title = serializers.CharField(source="dataset.title")
    read_by = serializers.CharField(help_text="calculations that read it")
    is_required = serializers.BooleanField(
        source="required", help_text="without it the day cannot be settled"
    )
    period = serializers.SerializerMethodField(help_text="null: none on file")
    version = serializers.SerializerMethodField(help_text="null: none on file")
    rows = serializers.SerializerMethodField(help_text="null: none on file")
    uploaded_by = serializers.SerializerMethodField(help_text="user who sent it; or null")
    confirmed_by = serializers.SerializerMethodField(help_text="user who confirmed it; or null")
    confirmed_at = serializers.SerializerMethodField(help_text="or null")

    def get_period(self, entry: Any) -> str | None:
        """The period of the version."""
        return entry.version.period if entry.version else None

    def get_version(self, entry: Any) -> int | None:
        """The number of the version."""
        return entry.version.version if entry.version else None

    def get_rows(self, entry: Any) -> int | None:
        """How many rows it has."""
        return entry.version.row_count if entry.version else None

    def get_uploaded_by(self, entry: Any) -> str | None:
        """Who sent the file."""
        return entry.version.upload.opened_by.username if entry.version else None

    def get_confirmed_by(self, entry: Any) -> str | None:
        """Who confirmed it."""
        return entry.version.confirmed_by.username if entry.version else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_confirmed_at(self, entry: Any) -> Any:
        """When it was confirmed."""
        return entry.version.known_from if entry.version else None


class AcknowledgedViolationSerializer(serializers.Serializer[Any]):
    """A violation of an input, and who acknowledged it."""

    version = serializers.SerializerMethodField(help_text="of the dataset")
    found_in = serializers.SerializerMethodField(
        help_text="the version whose file has it; others carry its rows"
    )
    file = serializers.SerializerMethodField(help_text="name of that file")
    check = serializers.SerializerMethodField(help_text="what looked")
    code = serializers.SerializerMethodField()
    sentence = serializers.SerializerMethodField()
    count = serializers.SerializerMethodField(help_text="at how many places")
    person = serializers.SerializerMethodField(help_text="user who acknowledged it")
    at = serializers.SerializerMethodField(help_text="when")
    reason = serializers.SerializerMethodField(help_text="why, or blank")

    def get_version(self, pair: Any) -> str:
        """The dataset version."""
        return str(pair[0])

    def get_found_in(self, pair: Any) -> str:
        """The version whose file has it."""
        return str(pair[1].source)

    def get_file(self, pair: Any) -> str:
        """Name of that file."""
        return str(pair[1].file)

    def get_check(self, pair: Any) -> str:
        """What looked."""
        return str(pair[1].check)

    def get_code(self, pair: Any) -> str:
        """The code of the violation."""
        return str(pair[1].code)

    def get_sentence(self, pair: Any) -> str:
        """What is wrong at the first place."""
        return str(pair[1].sentence)

    def get_count(self, pair: Any) -> int:
        """At how many places."""
        return int(pair[1].count)

    def get_person(self, pair: Any) -> str:
        """Who acknowledged it."""
        return str(pair[1].person)

    @extend_schema_field(serializers.DateTimeField())
    def get_at(self, pair: Any) -> Any:
        """When it was acknowledged."""
        return pair[1].at

    def get_reason(self, pair: Any) -> str:
        """Why, where somebody had to say."""
        return str(pair[1].reason)


class DataQualitySerializer(serializers.Serializer[Any]):
    """What a trade date would be settled from now."""

    trade_date = serializers.DateField(source="day")
    state = serializers.CharField(help_text="MISSING, HELD, REASON, NAMED or READY: the worst")
    checks = CheckedInputSerializer(many=True)
    inputs = InputOfDaySerializer(many=True)
    acknowledged = AcknowledgedViolationSerializer(many=True)


class PreparedRunSerializer(serializers.Serializer[Any]):
    """A run that was requested, or waits already."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField(help_text="of calculation")
    trade_date = serializers.DateField()
    state = serializers.CharField()


class PreparedSerializer(serializers.Serializer[Any]):
    """What was requested to make holds good."""

    runs = serializers.SerializerMethodField()
    refused = serializers.ListField(child=serializers.CharField(), help_text="with the reason")

    @extend_schema_field(PreparedRunSerializer(many=True))
    def get_runs(self, made: Any) -> Any:
        """The runs requested, or waiting already."""
        return PreparedRunSerializer([run for run, _ in made.runs], many=True).data
