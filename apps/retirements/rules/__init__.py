"""Pure rules about retirement and mothball notices."""

from apps.retirements.rules.calculator import RETIREMENT_NOTICE
from apps.retirements.rules.notice_period import NoticeCheck, NoticeScope, check_notice
from apps.retirements.rules.parameters import BRIEFING_MW, NOTICE_DAYS, NOTICE_SCOPE

__all__ = [
    "BRIEFING_MW",
    "NOTICE_DAYS",
    "NOTICE_SCOPE",
    "RETIREMENT_NOTICE",
    "NoticeCheck",
    "NoticeScope",
    "check_notice",
]
