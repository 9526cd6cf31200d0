"""Start-up of audit: the gate that refuses a model without a kind."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register


class AuditConfig(AppConfig):
    """The four kinds of row and the log."""

    name = "apps.platform.audit"

    def ready(self) -> None:
        from apps.platform.accounts.codes import NOBODY_READS, OWN_USERS
        from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy

        register(every_model_has_a_kind)
        ROW_POLICIES.register(
            RowPolicy(
                "audit_auditevent",
                f"actor_id in {OWN_USERS}",
            )
        )
        ROW_POLICIES.register(RowPolicy("audit_readevent", NOBODY_READS))
        OPEN_TABLES.register(OpenTable("audit_knowledgeclock", "one moment, the same for all"))


def every_model_has_a_kind(app_configs: Any, **_: object) -> list[CheckMessage]:
    """Refuse to start where a model is neither Fact, EffectiveDated, Case nor Result, without a
    reason.
    """
    from apps.platform.audit.selectors import models_without_a_kind

    return [
        Error(
            f"{label} is none of Fact, EffectiveDated, Case, Result.",
            hint="Derive it from one, or name the reason in audit.hooks.PLAIN_MODELS.",
            id="audit.E001",
        )
        for label in models_without_a_kind()
    ]
