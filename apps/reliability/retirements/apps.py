"""Start-up of retirements."""

from django.apps import AppConfig


class RetirementsConfig(AppConfig):
    """Notices of retirement and mothball, and what becomes of them."""

    name = "apps.reliability.retirements"

    def ready(self) -> None:
        from apps.platform.kernel.calculator import CALCULATORS
        from apps.platform.notices.terms import register_deadlines, register_topic
        from apps.reliability.retirements import screens, selectors  # noqa: F401
        from apps.reliability.retirements.rules import RETIREMENT_NOTICE

        CALCULATORS.register(RETIREMENT_NOTICE)
        register_topic("retirement", "Notices of retirement and affidavits")
        register_topic("referral", "Referrals to market monitoring")
        register_topic("daily-briefing", "Daily briefing of retirements", email=True)
        register_deadlines(selectors.requested_dates)
