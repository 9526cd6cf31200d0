"""Pages of statements: one, its files, months, invoices, one line explained."""

from apps.settlement.statements.views.comparisons import (
    asked_of,
    compared,
    comparison,
    least_of,
    publication_preview,
    run_causes,
    shadow,
)
from apps.settlement.statements.views.files import file_of, schema, statement_file
from apps.settlement.statements.views.periods import invoices, month, party_shown
from apps.settlement.statements.views.statement import (
    statement_detail,
    statement_difference,
    statement_line,
)

__all__ = [
    "asked_of",
    "compared",
    "comparison",
    "file_of",
    "invoices",
    "least_of",
    "month",
    "party_shown",
    "publication_preview",
    "run_causes",
    "schema",
    "shadow",
    "statement_detail",
    "statement_difference",
    "statement_file",
    "statement_line",
]
