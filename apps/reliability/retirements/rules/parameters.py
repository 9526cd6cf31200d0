"""Parameters about notices of retirement and mothball."""

from apps.platform.core.effective import parameter

NOTICE_DAYS = parameter("retirement.notice_days")
NOTICE_SCOPE = parameter("retirement.notice_scope")
BRIEFING_MW = parameter("retirement.briefing_mw")
