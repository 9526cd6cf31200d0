"""Dated values that cost rules ask for."""

from apps.platform.kernel.effective import Parameter, declare

DEB_SCALAR_RMR = declare(
    Parameter(
        name="costs.deb_scalar_rmr",
        title="Default energy bid scalar of RMR resources",
        type="decimal",
        minimum="0.01",
        maximum="2",
        reference="BRS 1.2 BRQ-0063",
        brq="BRQ-0063",
    )
)
DEB_SCALAR_OTHER = declare(
    Parameter(
        name="costs.deb_scalar_other",
        title="Default energy bid scalar of other resources",
        type="decimal",
        minimum="0.01",
        maximum="2",
        reference="RA rule book 3.2",
        brq="BRQ-0063",
    )
)
HEADROOM = declare(
    Parameter(
        name="costs.headroom",
        title="Headroom scalar of reasonableness thresholds",
        type="decimal",
        minimum="1",
        maximum="3",
        reference="BRS 1.2 BRQ-0064",
        brq="BRQ-0064",
    )
)
CCDEBE_GO_LIVE = declare(
    Parameter(
        name="costs.ccdebe_go_live",
        title="First trade date of reference level changes",
        type="date",
        reference="BRS 1.2 BRQ-0064, BRQ-0090",
        brq="BRQ-0090",
    )
)
STALE_AFTER_DAYS = declare(
    Parameter(
        name="costs.stale_after_days",
        title="Days after which a fuel price is stale",
        type="integer",
        minimum="0",
        maximum="400",
        unit="days",
        reference="RA rule book 3.2 (choice)",
        brq="BRQ-0065",
    )
)
ALLOWANCE_STALE_AFTER_DAYS = declare(
    Parameter(
        name="costs.allowance_stale_after_days",
        title="Days after which an allowance price is stale",
        type="integer",
        minimum="0",
        maximum="800",
        unit="days",
        reference="RA rule book 3.2 (choice)",
        brq="BRQ-0065",
    )
)
REFERENCE_INDEX = declare(
    Parameter(
        name="costs.reference_index",
        title="Fuel index of published curves without a region",
        type="choice",
        choices=("PGE_CITYGATE", "SOCAL_CITYGATE", "HENRY_HUB"),
        reference="choice: the files name no region",
        brq="BRQ-0065",
    )
)
GHG_RATE = declare(
    Parameter(
        name="costs.gas_co2e_rate",
        title="Emission rate of natural gas where none is on file",
        type="decimal",
        minimum="0",
        maximum="1",
        unit="mtCO2e/MMBtu",
        reference="RA rule book 3.2, worked example (choice)",
        brq="BRQ-0065",
    )
)
COST_PARAMETERS = (
    DEB_SCALAR_RMR,
    DEB_SCALAR_OTHER,
    STALE_AFTER_DAYS,
    ALLOWANCE_STALE_AFTER_DAYS,
    REFERENCE_INDEX,
    GHG_RATE,
)
