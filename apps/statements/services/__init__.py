"""Issue statements, write them as documents, explain their lines, keep an SC's queue."""

from apps.statements.services.documents import document_of, pdf_of, written
from apps.statements.services.issuing import NotNeutral, explain, issue
from apps.statements.services.periods import Billed, Month, billed, increment, month_of
from apps.statements.services.writing import WRITERS

__all__ = [
    "WRITERS",
    "Billed",
    "Month",
    "NotNeutral",
    "billed",
    "document_of",
    "explain",
    "increment",
    "issue",
    "month_of",
    "pdf_of",
    "written",
]
