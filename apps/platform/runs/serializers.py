"""Runs and their publications as the API answers them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.platform.runs import selectors
from apps.platform.runs.models import Run
from apps.platform.ui.serializers import as_stored


class InvariantSerializer(serializers.Serializer[Any]):
    """What must hold of every run, and whether it does."""

    name = serializers.CharField()
    passed = serializers.BooleanField()
    sentence = serializers.CharField()


class HoldSerializer(serializers.Serializer[Any]):
    """An input of a run that is missing or outdated."""

    effect = serializers.CharField(
        required=False,
        help_text="REASON: settled, published with a reason only; NAMED: settled; left out: held",
    )
    code = serializers.CharField()
    resource_id = serializers.IntegerField()
    resource = serializers.CharField(help_text="resource ID")
    sentence = serializers.CharField(help_text="which input, in words")
    kind = serializers.CharField(help_text="calculation that makes it good, or blank")
    days = serializers.ListField(
        child=serializers.CharField(), help_text="its trade dates; YYYY-MM-DD"
    )
    details = serializers.DictField(help_text="what the calculation itself reads of it")


class UsedValueSerializer(serializers.Serializer[Any]):
    """A parameter value that the run read."""

    name = serializers.CharField()
    text = serializers.CharField(help_text="the value, in the unit of the parameter")
    reference = serializers.CharField(help_text="who decided it, and where")
    id = serializers.IntegerField(help_text="number of the value")


class ManifestInputSerializer(serializers.Serializer[Any]):
    """An input of a run."""

    name = serializers.CharField()
    version = serializers.SerializerMethodField(help_text="of the dataset; null: not a file")
    dated_inputs = serializers.SerializerMethodField(help_text="how many dated values were read")
    content_hash = serializers.CharField(help_text="of what was read")

    def get_version(self, entry: Any) -> str | None:
        """The version of the dataset."""
        return str(entry.dataset_version) if entry.dataset_version else None

    def get_dated_inputs(self, entry: Any) -> int:
        """How many dated values were read."""
        return len(entry.term_ids)


class RunSerializer(serializers.ModelSerializer[Run]):
    """A run with its manifest and totals."""

    requested_by = serializers.CharField(source="opened_by.username")
    totals = serializers.DictField(
        child=serializers.CharField(), help_text="control totals by their name and unit"
    )
    invariants = as_stored(InvariantSerializer, "what must hold of every run", many=True)
    holds = as_stored(HoldSerializer, "what the run leaves unsettled", many=True)
    parameters = as_stored(UsedValueSerializer, "parameter values the run read", many=True)
    inputs = serializers.SerializerMethodField(help_text="the manifest")
    stale_cause = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields = (
            "id",
            "kind",
            "trade_date",
            "version",
            "run_type",
            "state",
            "reason",
            "requested_by",
            "known_at",
            "code_version",
            "input_hash",
            "parameter_hash",
            "result_hash",
            "totals",
            "invariants",
            "holds",
            "over_holds",
            "answered_for",
            "parameters",
            "error",
            "sealed_at",
            "published_at",
            "inputs",
            "stale_cause",
        )

    @extend_schema_field(ManifestInputSerializer(many=True))
    def get_inputs(self, run: Run) -> Any:
        """The manifest."""
        return ManifestInputSerializer(selectors.inputs_of(run), many=True).data

    def get_stale_cause(self, run: Run) -> str:
        """Why the run is stale, or nothing."""
        return selectors.stale_cause(run)


class NewestPublicationSerializer(serializers.Serializer[Any]):
    """The end of the chain."""

    number = serializers.IntegerField()
    hash = serializers.CharField(help_text="over the publication and the hash before it")


class BrokenLinkSerializer(serializers.Serializer[Any]):
    """A publication that is not what the database holds."""

    number = serializers.IntegerField()
    sentence = serializers.CharField()


class PublicationsVerifySerializer(serializers.Serializer[Any]):
    """The chain of publications, checked against what the database holds."""

    publications = serializers.IntegerField(help_text="how many there are")
    newest = NewestPublicationSerializer(allow_null=True)
    broken = BrokenLinkSerializer(many=True)
