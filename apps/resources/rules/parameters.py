"""Parameters about resources: declared here, valued in the database."""

from apps.kernel.effective import Parameter, declare

NEW_TARIFF_CUTOFF = declare(
    Parameter(
        name="rmr.new_tariff_cutoff",
        title="First effective date of a new-tariff RMR contract",
        type="date",
        reference="BRS 1.2 BRQ-0025 and its footnote",
        brq="BRQ-0025",
        help="A contract effective on or after this date is new-tariff, an earlier one is legacy.",
    )
)
