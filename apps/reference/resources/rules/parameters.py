"""Parameters about resources: declared here, valued in the database."""

from apps.platform.kernel.effective import Parameter, declare

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
LEGACY_LABEL_FROM = declare(
    Parameter(
        name="rmr.legacy_label_from",
        title="First month in which credits of legacy RMR are labelled RMRL",
        type="date",
        reference="BRS 1.2 BRQ-0116 and BRQ-0117",
        brq="BRQ-0117",
        help="Credits of earlier months keep the label RMR, whenever they are made.",
    )
)
