"""Pure rules that can be tried alone: declared by models, registered by their apps."""

from apps.platform.core.calculator.declaring import CALCULATORS, Calculator
from apps.platform.core.calculator.kinds import (
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
from apps.platform.core.calculator.reading import Inputs, Outputs, Refused, Row, twice
from apps.platform.core.calculator.shapes import Port
from apps.platform.core.violations import Violation

__all__ = [
    "CALCULATORS",
    "Amount",
    "Calculator",
    "Day",
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
    "Violation",
    "Whole",
    "field",
    "twice",
    "wrong",
]
