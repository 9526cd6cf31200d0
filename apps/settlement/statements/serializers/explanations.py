"""Why a statement line is what it is, as the API answers it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class OperandSerializer(serializers.Serializer[Any]):
    """A number in the formula."""

    symbol = serializers.CharField()
    meaning = serializers.CharField()
    value = serializers.CharField(help_text="as shown, in the unit beside it")
    unit = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]  # named by the API
        help_text="where it came from, or blank"
    )
    link = serializers.CharField(help_text="address of the source, or blank")


class ExplainStepSerializer(serializers.Serializer[Any]):
    """One line of the calculation."""

    title = serializers.CharField()
    formula = serializers.CharField()
    substituted = serializers.CharField(help_text="the formula with the numbers in place")
    result = serializers.CharField(help_text="in the unit beside it")
    unit = serializers.CharField()
    note = serializers.CharField()
    brq = serializers.CharField(help_text="requirement, or blank")


class UsedParameterSerializer(serializers.Serializer[Any]):
    """A parameter value the rule asked for."""

    name = serializers.CharField()
    title = serializers.CharField()
    value = serializers.CharField()
    reference = serializers.CharField(help_text="who decided it, and where")
    link = serializers.CharField()


class SourceRowSerializer(serializers.Serializer[Any]):
    """An uploaded row that the number rests on."""

    label = serializers.CharField()  # type: ignore[assignment]  # named by the API
    dataset = serializers.CharField()
    version = serializers.IntegerField(help_text="version of the dataset")
    line_no = serializers.IntegerField(help_text="row of the file")
    value = serializers.CharField(help_text="in the unit beside it")
    unit = serializers.CharField()
    link = serializers.CharField()


class ShownNumberSerializer(serializers.Serializer[Any]):
    """A number as it stands on the page."""

    symbol = serializers.CharField()
    meaning = serializers.CharField()
    text = serializers.CharField(help_text="exact, in the unit beside it")
    unit = serializers.CharField()


class FormulaSerializer(serializers.Serializer[Any]):
    """A formula in the numbers shown beside it, which give the amount when worked out."""

    formula = serializers.CharField()
    numbers = ShownNumberSerializer(many=True)


class LineExplainSerializer(serializers.Serializer[Any]):
    """The explanation of an amount."""

    title = serializers.CharField()
    sentence = serializers.CharField()
    amount = serializers.CharField(help_text="in the unit beside it")
    unit = serializers.CharField()
    operands = OperandSerializer(many=True)
    steps = ExplainStepSerializer(many=True)
    parameters = UsedParameterSerializer(many=True)
    rows = SourceRowSerializer(many=True)
    requirements = serializers.ListField(child=serializers.CharField())
    reproduced = serializers.BooleanField(
        help_text="true where calculating anew, and the formula, both gave the stored amount"
    )
    formula = FormulaSerializer(allow_null=True)
    held = serializers.ListField(
        child=serializers.CharField(),
        help_text="missing or outdated inputs that leave the line without an amount; empty: none",
    )
