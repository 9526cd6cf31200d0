"""The catalogue as the API answers it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.site.requirements.rules import state_of


class RequirementSerializer(serializers.Serializer[Any]):
    """A requirement with its state, code and tests."""

    id = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    section = serializers.CharField(help_text="of the specification")
    type = serializers.CharField()
    app = serializers.CharField()
    disposition = serializers.CharField()
    note = serializers.CharField()
    code = serializers.ListField(child=serializers.CharField(), help_text="what answers it")
    tests = serializers.ListField(child=serializers.CharField(), help_text="what proves it")
    state = serializers.SerializerMethodField(help_text="how far it is")

    def get_state(self, requirement: Any) -> str:
        """Built, begun, open, or the disposition."""
        return state_of(requirement)
