"""The API of statements: documents, periods, comparisons, shadow files."""

from apps.settlement.statements.api.comparisons import (
    CausesApi,
    CompareApi,
    PreviewApi,
    ShadowApi,
    causes_json,
    comparison_json,
    shadow_json,
)
from apps.settlement.statements.api.statements import (
    DifferenceApi,
    ExplainApi,
    FileApi,
    InvoicesApi,
    MonthApi,
    StatementApi,
    difference_json,
    invoices_json,
    line_json,
    month_json,
    statement_json,
)

__all__ = [
    "CausesApi",
    "CompareApi",
    "DifferenceApi",
    "ExplainApi",
    "FileApi",
    "InvoicesApi",
    "MonthApi",
    "PreviewApi",
    "ShadowApi",
    "StatementApi",
    "causes_json",
    "comparison_json",
    "difference_json",
    "invoices_json",
    "line_json",
    "month_json",
    "shadow_json",
    "statement_json",
]
