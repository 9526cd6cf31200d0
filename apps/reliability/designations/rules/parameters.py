"""Parameters about designations."""

from apps.platform.kernel.effective import Parameter, declare

PMAX_TOLERANCE = declare(
    Parameter(
        name="rmr.pmax_tolerance_mw",
        title="Tolerated difference between contract capacity and Pmax",
        type="decimal",
        unit="MW",
        minimum="0",
        maximum="10",
        reference="RA rule book, BRQ-0020",
        brq="BRQ-0020",
    )
)
