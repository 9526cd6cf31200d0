"""How the input rows of a run were used, as the API and the command answer it."""

from __future__ import annotations

from typing import Any

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
