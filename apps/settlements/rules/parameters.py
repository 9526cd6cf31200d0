"""Parameters of the daily settlement: declared here, valued in the database."""

from apps.kernel.effective import Parameter, declare

CAPACITY_MW_BASIS = declare(
    Parameter(
        name="settlements.capacity_mw_basis",
        title="How Generic and Flex megawatts make up the capacity paid",
        type="choice",
        choices=("MAX", "SUM"),
        reference="Settlement rule book, decision G3",
        brq="BRQ-1225",
        help="MAX: a megawatt with both attributes is paid once. SUM: the two are added.",
    )
)
ALLOCATION_STEP = declare(
    Parameter(
        name="settlements.allocation_step",
        title="Grain at which allocated cents are rounded",
        type="choice",
        choices=("ONE_STEP", "TAC_FIRST"),
        reference="Settlement rule book, sections 1.4 and 4.3",
        brq="BRQ-1230",
        help="ONE_STEP: once over all SC and TAC area cells of a resource. TAC_FIRST: over TAC "
        "areas first, then over the SCs of each.",
    )
)
