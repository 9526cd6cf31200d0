"""Parameters of disputes: declared here, valued in the database."""

from apps.platform.kernel.effective import Parameter, declare

OPTIONAL_DAYS = declare(
    Parameter(
        name="disputes.optional_days",
        title="Business days in which a statement of an optional run may be disputed",
        type="integer",
        minimum="0",
        maximum="100",
        unit="business days",
        reference="Settlement rule book 11.4",
        brq="BRQ-1203",
    )
)
PLACEHOLDER_DAYS = declare(
    Parameter(
        name="disputes.placeholder_days",
        title="Business days in which a placeholder dispute is given its figure",
        type="integer",
        minimum="0",
        maximum="100",
        unit="business days",
        reference="Settlement rule book 11.4; an interpretation of ours",
        brq="BRQ-1203",
    )
)
