"""Pure rules of statements."""

from apps.settlement.statements.rules.comparing import side_by_side, summed
from apps.settlement.statements.rules.composition import compose
from apps.settlement.statements.rules.document import Determinant, FullStatement, Head, Line
from apps.settlement.statements.rules.invoicing import InvoiceWeek, invoice_alone, invoice_week
from apps.settlement.statements.rules.parameters import PAYMENT_DAYS

__all__ = [
    "PAYMENT_DAYS",
    "Determinant",
    "FullStatement",
    "Head",
    "InvoiceWeek",
    "Line",
    "compose",
    "invoice_alone",
    "invoice_week",
    "side_by_side",
    "summed",
]
