"""Parameters of statements and invoices: declared here, valued in the database."""

from apps.platform.core.effective import parameter

PAYMENT_DAYS = parameter("statements.payment_days")
