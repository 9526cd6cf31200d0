"""Pages of statements: one, its files, months, invoices, one line explained."""

from apps.settlement.statements.views.comparisons import (
    comparison,
    publication_preview,
    run_causes,
    shadow,
)
from apps.settlement.statements.views.files import schema, statement_file
from apps.settlement.statements.views.periods import invoices, month
from apps.settlement.statements.views.statement import (
    statement_detail,
    statement_difference,
    statement_line,
)

__all__ = [
    "comparison",
    "invoices",
    "month",
    "publication_preview",
    "run_causes",
    "schema",
    "shadow",
    "statement_detail",
    "statement_difference",
    "statement_file",
    "statement_line",
]
