"""Parameters of clearing and credit: declared here, valued in the database."""

from apps.platform.kernel.effective import Parameter, declare

WARNING_SHARE = declare(
    Parameter(
        name="clearing.warning_share",
        title="Share of the credit limit at which an SC is warned",
        type="decimal",
        minimum="0",
        maximum="10",
        reference="Settlement rule book 12.2",
        brq="BRQ-1402",
    )
)
CALL_SHARE = declare(
    Parameter(
        name="clearing.call_share",
        title="Share of the credit limit above which collateral is called",
        type="decimal",
        minimum="0",
        maximum="10",
        reference="Settlement rule book 12.2",
        brq="BRQ-1402",
    )
)
CALL_DAYS = declare(
    Parameter(
        name="clearing.call_days",
        title="Business days to answer a collateral call",
        type="integer",
        minimum="0",
        maximum="60",
        unit="business days",
        reference="Settlement rule book 12.2 (S54)",
        brq="BRQ-1402",
    )
)
UNSECURED_CAP = declare(
    Parameter(
        name="clearing.unsecured_cap",
        title="Largest unsecured credit limit of an SC",
        type="decimal",
        minimum="0",
        unit="$",
        reference="Settlement rule book 12.2 (S54)",
        brq="BRQ-1402",
    )
)
AVERAGE_DAYS = declare(
    Parameter(
        name="clearing.average_days",
        title="Published trade dates an average day and a load share are taken from",
        type="integer",
        minimum="1",
        maximum="400",
        unit="trade dates",
        reference="Settlement rule book 12.3",
        brq="BRQ-1402",
    )
)
LOSS_QUARTERS = declare(
    Parameter(
        name="clearing.loss_quarters",
        title="Calendar quarters of the look-back of a default loss",
        type="integer",
        minimum="1",
        maximum="40",
        unit="quarters",
        reference="Settlement rule book 12.5 (the length is an interpretation of ours)",
        brq="BRQ-1401",
    )
)
MOST_DAYS = declare(
    Parameter(
        name="clearing.most_days",
        title="Most trade dates without a calculation that are extrapolated",
        type="integer",
        minimum="1",
        maximum="400",
        unit="trade dates",
        reference="An interpretation of ours: beyond them an average says nothing",
        brq="BRQ-1402",
    )
)
INVOICED_FROM = declare(
    Parameter(
        name="clearing.invoiced_from",
        title="First day of publication whose statements are invoiced here",
        type="date",
        reference="A choice of the site: earlier statements were invoiced elsewhere",
        brq="BRQ-1201",
    )
)
