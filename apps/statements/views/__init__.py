"""Pages of statements: one, its files, months, invoices, one line explained."""

from apps.statements.views.files import file_of, schema, statement_file
from apps.statements.views.periods import invoices, month, party_shown
from apps.statements.views.statement import (
    statement_detail,
    statement_difference,
    statement_line,
)

__all__ = [
    "file_of",
    "invoices",
    "month",
    "party_shown",
    "schema",
    "statement_detail",
    "statement_difference",
    "statement_file",
    "statement_line",
]
