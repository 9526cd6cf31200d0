"""Parameters of the daily settlement: declared here, valued in the database."""

from apps.platform.kernel.effective import Parameter, declare

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
TOLERANCE_MW = declare(
    Parameter(
        name="settlements.tolerance_mw",
        title="Least tolerance band of metered energy",
        type="decimal",
        minimum="0",
        maximum="1000",
        unit="MW",
        reference="Settlement rule book 6.3 (to be verified)",
        brq="BRQ-1255",
    )
)
TOLERANCE_SHARE = declare(
    Parameter(
        name="settlements.tolerance_share",
        title="Tolerance band as a share of Pmax",
        type="decimal",
        minimum="0",
        maximum="1",
        reference="Settlement rule book 6.3 (to be verified)",
        brq="BRQ-1255",
        help="The band is the larger of this share of Pmax and the least band.",
    )
)
RAAIM_UPPER = declare(
    Parameter(
        name="settlements.raaim_upper_bound",
        title="RAAIM pays above an availability of",
        type="decimal",
        minimum="0",
        maximum="1",
        reference="Settlement rule book 5.1",
        brq="BRQ-1240",
    )
)
RAAIM_CAP = declare(
    Parameter(
        name="settlements.raaim_rate_cap",
        title="RAAIM pays at most so many times its price",
        type="decimal",
        minimum="0",
        maximum="100",
        reference="Settlement rule book 5.3 (to be verified)",
        brq="BRQ-1240",
    )
)
RAAIM_CARRYOVER = declare(
    Parameter(
        name="settlements.raaim_carryover",
        title="What becomes of RAAIM money that the cap holds back",
        type="choice",
        choices=("YEAR", "NONE"),
        reference="Settlement rule book 5.3 (S12, S13)",
        brq="BRQ-1240",
        help="YEAR: carried to the next month until December. NONE: to load in the same month.",
    )
)
RAAIM_FROM = declare(
    Parameter(
        name="settlements.raaim_from",
        title="First month whose RAAIM is settled here",
        type="date",
        reference="A choice of the site: earlier months were settled elsewhere",
        brq="BRQ-1240",
        help="Any day of the month. Earlier months of its year carry nothing into later ones and "
        "hold none of them.",
    )
)
