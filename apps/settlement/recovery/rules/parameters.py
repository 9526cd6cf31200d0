"""Parameters of cost recovery: declared here, valued in the database."""

from apps.platform.kernel.effective import Parameter, declare

RECOVERY_RULE = declare(
    Parameter(
        name="recovery.rule",
        title="Which part of an actual gas cost is recovered",
        type="choice",
        choices=("LITERAL", "UNCOVERED"),
        reference="Settlement rule book 10.3 (two readings of BRQ-1275)",
        brq="BRQ-1275",
        help="LITERAL: above the cost basis, as far as it is not above the real-time LMP. "
        "UNCOVERED: above both the basis and the LMP.",
    )
)
COST_BASIS = declare(
    Parameter(
        name="recovery.cost_basis",
        title="The ISO's cost basis that an actual gas cost is measured against",
        type="choice",
        choices=("DEB", "FUEL"),
        reference="Settlement rule book 10.3; which cost is meant is an interpretation of ours",
        brq="BRQ-1275",
        help="DEB: the default energy bid at the output of an interval. FUEL: its fuel part.",
    )
)
DECISION_DAYS = declare(
    Parameter(
        name="recovery.decision_days",
        title="Business days in which a request is to be decided",
        type="integer",
        minimum="1",
        maximum="250",
        unit="business days",
        reference="An interpretation of ours: the specification gives no day",
        brq="BRQ-1275",
    )
)
ANSWER_DAYS = declare(
    Parameter(
        name="recovery.answer_days",
        title="Business days in which an SC is to answer a question",
        type="integer",
        minimum="1",
        maximum="250",
        unit="business days",
        reference="An interpretation of ours: the specification gives no day",
        brq="BRQ-1265",
    )
)
