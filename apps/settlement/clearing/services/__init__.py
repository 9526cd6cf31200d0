"""Invoice, clear, default, share losses, measure liabilities."""

from apps.settlement.clearing.services.crediting import (
    CreditEntryInput,
    approve_credit,
    propose_credit,
    release_credit,
)
from apps.settlement.clearing.services.following import late_thread, settled_where
from apps.settlement.clearing.services.invoicing import (
    csv_rows,
    file_of,
    held_on,
    invoice_optional,
    issue_invoices,
    pdf_of,
)
from apps.settlement.clearing.services.ledger import Happening, Side, Unbalanced, post
from apps.settlement.clearing.services.legacy import legacy_moved
from apps.settlement.clearing.services.losing import LossInput, approve_loss, propose_loss
from apps.settlement.clearing.services.measuring import measure
from apps.settlement.clearing.services.paying import (
    close_day,
    closing_of,
    prepare_again,
    prepare_date,
)
from apps.settlement.clearing.services.receiving import (
    ReceiptInput,
    confirm_receipt,
    enter_receipt,
    reverse_receipt,
)

__all__ = [
    "CreditEntryInput",
    "Happening",
    "LossInput",
    "ReceiptInput",
    "Side",
    "Unbalanced",
    "approve_credit",
    "approve_loss",
    "close_day",
    "closing_of",
    "confirm_receipt",
    "csv_rows",
    "enter_receipt",
    "file_of",
    "held_on",
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
