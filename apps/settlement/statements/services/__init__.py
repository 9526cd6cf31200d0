"""Issue statements, write them as documents, explain their lines, keep an SC's queue."""

from apps.settlement.statements.services.asking import (
    LINES_A_PAGE,
    asked_of,
    compared,
    least_of,
    page_of,
)
from apps.settlement.statements.services.causes import Causes, why
from apps.settlement.statements.services.comparing import (
    Comparison,
    compare,
    preview,
    run_to_compare,
)
from apps.settlement.statements.services.documents import document_of, pdf_of, written
from apps.settlement.statements.services.files import file_of
from apps.settlement.statements.services.issuing import NotNeutral, explain, issue
from apps.settlement.statements.services.kits import kit_of, kit_values
from apps.settlement.statements.services.periods import (
    Billed,
    Month,
    billed,
    held_lines_of,
    increment,
    month_of,
)
from apps.settlement.statements.services.shadowing import Shadow, shadow
from apps.settlement.statements.services.writing import WRITERS

__all__ = [
    "LINES_A_PAGE",
    "WRITERS",
    "Billed",
    "Causes",
    "Comparison",
    "Month",
    "NotNeutral",
    "Shadow",
    "asked_of",
    "billed",
    "compare",
    "compared",
    "document_of",
    "explain",
    "file_of",
    "held_lines_of",
    "increment",
    "issue",
    "kit_of",
    "kit_values",
    "least_of",
    "month_of",
    "page_of",
    "pdf_of",
    "preview",
    "run_to_compare",
    "shadow",
    "why",
    "written",
]
