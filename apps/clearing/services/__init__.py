"""Invoice, clear, default, share losses, measure liabilities."""

from apps.clearing.services.crediting import (
    CreditWish,
    approve_credit,
    propose_credit,
    release_credit,
)
from apps.clearing.services.following import late_thread, settled_where
from apps.clearing.services.invoicing import (
    csv_rows,
    invoice_optional,
    issue_invoices,
    pdf_of,
)
from apps.clearing.services.ledger import Happening, Side, Unbalanced, post
from apps.clearing.services.legacy import legacy_moved
from apps.clearing.services.losing import LossWish, approve_loss, propose_loss
from apps.clearing.services.measuring import measure
from apps.clearing.services.paying import close_day, closing_of, prepare_again, prepare_date
from apps.clearing.services.receiving import (
    ReceiptWish,
    confirm_receipt,
    enter_receipt,
    reverse_receipt,
)

__all__ = [
    "CreditWish",
    "Happening",
    "LossWish",
    "ReceiptWish",
    "Side",
    "Unbalanced",
    "approve_credit",
    "approve_loss",
    "close_day",
    "closing_of",
    "confirm_receipt",
    "csv_rows",
    "enter_receipt",
    "invoice_optional",
    "issue_invoices",
    "late_thread",
    "legacy_moved",
    "measure",
    "pdf_of",
    "post",
    "prepare_again",
    "prepare_date",
    "propose_credit",
    "propose_loss",
    "release_credit",
    "reverse_receipt",
    "settled_where",
]
