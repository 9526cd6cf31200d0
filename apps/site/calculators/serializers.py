"""What the API says of calculators: shapes of its answers, and schemas made from their models."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class PortSerializer(serializers.Serializer[Any]):
    """One input or output of a calculator."""

    name = serializers.CharField()
    shape = serializers.CharField(help_text="How its value is written.")
    unit = serializers.CharField()
    meaning = serializers.CharField()


class CalculatorSerializer(serializers.Serializer[Any]):
    """A calculator with what it takes and gives."""

    name = serializers.CharField()
    title = serializers.CharField()
    meaning = serializers.CharField()
    inputs = PortSerializer(many=True)
    outputs = PortSerializer(many=True)
    example = serializers.DictField(help_text="A document that can be calculated.")
    requirements = serializers.ListField(child=serializers.CharField())


class RemarkSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a document."""

    code = serializers.CharField()
    message = serializers.CharField()
    line = serializers.IntegerField()
    column = serializers.CharField(help_text="Where it stands, such as load_mwh[0].mwh.")
    severity = serializers.ChoiceField(choices=["error", "warning", "info"])
    value = serializers.CharField()


def openapi_schema(schema: Any) -> Any:
    """Return a JSON Schema as OpenAPI 3.0 writes it, where null is a word and not a type."""
    if isinstance(schema, list):
        return [openapi_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if {"type": "null"} in schema.get("anyOf", ()):
        (value,) = (one for one in schema["anyOf"] if one != {"type": "null"})
        others = {name: found for name, found in schema.items() if name != "anyOf"}
        return openapi_schema({**value, **others, "nullable": True})
    return {
        name: found if name == "example" else openapi_schema(found)
        for name, found in schema.items()
    }
