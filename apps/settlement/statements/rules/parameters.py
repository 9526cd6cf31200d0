"""Parameters of statements and invoices: declared here, valued in the database."""

from apps.platform.kernel.effective import Parameter, declare

PAYMENT_DAYS = declare(
    Parameter(
        name="statements.payment_days",
        title="Business days from an invoice to its payment",
        type="integer",
        minimum="0",
        maximum="60",
        unit="business days",
        reference="Settlement rule book 11.3",
        brq="BRQ-1201",
    )
)
