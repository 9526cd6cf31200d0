"""Pure rules about retirement and mothball notices."""

from apps.reliability.retirements.rules.calculator import RETIREMENT_NOTICE
from apps.reliability.retirements.rules.notice_period import NoticeCheck, NoticeScope, check_notice
from apps.reliability.retirements.rules.parameters import BRIEFING_MW, NOTICE_DAYS, NOTICE_SCOPE

__all__ = [
    "BRIEFING_MW",
    "NOTICE_DAYS",
    "NOTICE_SCOPE",
    "RETIREMENT_NOTICE",
    "NoticeCheck",
    "NoticeScope",
    "check_notice",
]
