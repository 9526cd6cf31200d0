"""Start-up of substitution and exemption."""

from django.apps import AppConfig


class SubstitutionsConfig(AppConfig):
    """Substitution for resources that are out, and exemption of outages."""

    name = "apps.substitutions"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.notices.terms import register_topic
        from apps.substitutions import rules, screens  # noqa: F401

        register_topic("adequacy", "Substitution and exemption")
