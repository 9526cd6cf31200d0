"""Pure rules that can be tried alone: declared by models, registered by their apps."""

from apps.platform.kernel.calculator.declaring import CALCULATORS, Calculator
from apps.platform.kernel.calculator.kinds import (
    Amount,
    Day,
    Flag,
    FlagKind,
    NotNegative,
    NotNegativeUsd,
    Number,
    OneOf,
    Positive,
    ReadBy,
    Text,
    Usd,
    Whole,
    field,
    wrong,
)
from apps.platform.kernel.calculator.reading import Inputs, Outputs, Refused, Row, twice
from apps.platform.kernel.calculator.shapes import Port
from apps.platform.kernel.findings import Finding

__all__ = [
    "CALCULATORS",
    "Amount",
    "Calculator",
    "Day",
    "Finding",
    "Flag",
    "FlagKind",
    "Inputs",
    "NotNegative",
    "NotNegativeUsd",
    "Number",
    "OneOf",
    "Outputs",
    "Port",
    "Positive",
    "ReadBy",
    "Refused",
    "Row",
    "Text",
    "Usd",
    "Whole",
    "field",
    "twice",
    "wrong",
]
