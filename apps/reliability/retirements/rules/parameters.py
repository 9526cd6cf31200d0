"""Parameters about notices of retirement and mothball."""

from apps.platform.kernel.effective import Parameter, declare
from apps.reliability.retirements.rules.notice_period import NoticeScope

NOTICE_DAYS = declare(
    Parameter(
        name="retirement.notice_days",
        title="Notice before full retirement",
        type="integer",
        unit="calendar days",
        minimum="0",
        maximum="730",
        reference="BRS 1.2 BRQ-0001",
        brq="BRQ-0001",
        help="The day of the notice is not counted.",
    )
)
NOTICE_SCOPE = declare(
    Parameter(
        name="retirement.notice_scope",
        title="Which changes of long-term state need that notice",
        type="choice",
        choices=tuple(NoticeScope),
        reference="BRS 1.2 BRQ-0001; General Order 167 standard 23 for the alternative",
        brq="BRQ-0001",
    )
)
BRIEFING_MW = declare(
    Parameter(
        name="retirement.briefing_mw",
        title="Least capacity that stands in the daily briefing",
        type="decimal",
        unit="MW",
        minimum="0",
        maximum="10000",
        reference="BRS 1.2 BRQ-0001",
        brq="BRQ-0001",
        help="This capacity is inside: 45.00 is listed, 44.99 is not.",
    )
)
