"""Fields of what the API answers: exact decimals, texts that may be missing, stored values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers


@extend_schema_field({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"})
class ExactField(serializers.Field[Any, Any, Any, Any]):
    """An exact decimal, told as text with every digit it has; ``unit`` stands in its description.

    ``trimmed``: without zeros at the end of the decimals.
    """

    def __init__(self, unit: str, said: str = "", *, trimmed: bool = False, **words: Any) -> None:
        self.trimmed = trimmed
        text = f"{said}; {unit}" if said else unit
        super().__init__(read_only=True, help_text=text, **words)

    def to_representation(self, value: Decimal) -> str:
        """Write the number without an exponent."""
        text = format(value, "f")
        if self.trimmed and "." in text:
            text = text.rstrip("0").rstrip(".")
        return "0" if self.trimmed and text in ("-0", "") else text


class KnownChoiceField(serializers.ChoiceField):
    """One of several values; a refusal names those that there are."""

    default_error_messages = {"invalid_choice": '"{input}" is none of those there are: {known}.'}

    def fail(self, key: str, **words: Any) -> NoReturn:
        """Raise ValidationError with the values known, and the beginning of what was sent."""
        if "input" in words:
            words["input"] = str(words["input"])[:60]
        super().fail(key, known=", ".join(map(str, self.choices)), **words)


class UsdField(ExactField):
    """An amount of dollars."""

    def __init__(self, said: str = "", **words: Any) -> None:
        super().__init__("$", said, **words)


class MwField(ExactField):
    """Megawatts, without zeros at the end."""

    def __init__(self, said: str = "", **words: Any) -> None:
        super().__init__("MW", said, trimmed=True, **words)


class FilledField(serializers.CharField):
    """A text; null where it is blank."""

    def __init__(self, **words: Any) -> None:
        super().__init__(allow_null=True, **words)

    def to_representation(self, value: Any) -> Any:
        """Return the text, or None for none."""
        return super().to_representation(value) or None


def as_stored(
    shape: Any, said: str, *, many: bool = False
) -> serializers.Field[Any, Any, Any, Any]:
    """Return a field that tells a value as the database keeps it, described by a serializer.

    What a calculation once stored is told in its own words and order, whatever is stored today.
    """

    @extend_schema_field(shape(many=True) if many else shape)
    class Stored(serializers.ReadOnlyField):
        pass

    return Stored(help_text=said)


class ViolationSerializer(serializers.Serializer[Any]):
    """One violation of a check."""

    line = serializers.IntegerField(help_text="row of the file; 0 for the whole")
    column = serializers.CharField(help_text="heading of the column")
    code = serializers.CharField(help_text="stable; meant for programs")
    severity = serializers.CharField(help_text="error, warning or info")
    message = serializers.CharField(help_text="a sentence for people")
    value = serializers.CharField(help_text="what stands there")


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "number"},
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {
                    "from": {"type": "string", "nullable": True},
                    "until": {"type": "string", "nullable": True},
                },
                "required": ["from", "until"],
            },
        ]
    }
)
class FactField(serializers.ReadOnlyField):
    """What a page shows beside a label: a text, a number, yes or no, or from when until when."""


def named_amounts(name: str, unit: str, said: Mapping[str, str]) -> Any:
    """Return a serializer class of exact decimals, one a name, each with its meaning."""
    fields = {key: ExactField(unit, text) for key, text in said.items()}
    return extend_schema_serializer(component_name=name)(
        type(f"{name}Serializer", (serializers.Serializer,), {"__doc__": "", **fields})
    )
