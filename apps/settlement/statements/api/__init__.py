"""The API of statements: documents, periods, comparisons, shadow files."""

from apps.settlement.statements.api.comparisons import (
    CausesApi,
    CompareApi,
    PreviewApi,
    ShadowApi,
)
from apps.settlement.statements.api.statements import (
    DifferenceApi,
    ExplainApi,
    InvoicesApi,
    MonthApi,
    StatementApi,
    StatementFileApi,
)

__all__ = [
    "CausesApi",
    "CompareApi",
    "DifferenceApi",
    "ExplainApi",
    "InvoicesApi",
    "MonthApi",
    "PreviewApi",
    "ShadowApi",
    "StatementApi",
    "StatementFileApi",
]
