"""Start-up of substitution and exemption."""

from django.apps import AppConfig


class SubstitutionsConfig(AppConfig):
    """Substitution for resources that are out, and exemption of outages."""

    name = "apps.adequacy.substitutions"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.adequacy.substitutions import rules, screens  # noqa: F401
        from apps.platform.notices.hooks import TOPICS, Topic

        TOPICS.register(Topic("adequacy", "Substitution and exemption"))
