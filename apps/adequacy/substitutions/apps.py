"""Start-up of substitution and exemption."""

from django.apps import AppConfig


class SubstitutionsConfig(AppConfig):
    """Substitution for resources that are out, and exemption of outages."""

    name = "apps.adequacy.substitutions"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.adequacy.substitutions import rules, screens  # noqa: F401
        from apps.adequacy.substitutions.rules import SUBSTITUTION_CHECK
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import TOPICS, Topic

        CALCULATORS.register(SUBSTITUTION_CHECK)
        TOPICS.register(Topic("adequacy", "Substitution and exemption"))
