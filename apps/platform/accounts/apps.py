"""The accounts app: users, parties, roles, and row-level security between parties."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate  # noqa: TID251  (see ready)


class AccountsConfig(AppConfig):
    """Declares what of its own tables a party sees; installs the guards after migrations."""

    name = "apps.platform.accounts"

    def ready(self) -> None:
        """Declare row policies; the framework's hook after migrations installs all guards."""
        from apps.platform.accounts.codes import OWN_PARTY, OWN_USERS
        from apps.platform.accounts.hooks import OPEN_TABLES, ROW_POLICIES, OpenTable, RowPolicy
        from apps.platform.accounts.services import install_guards, stand_again

        ROW_POLICIES.register(RowPolicy("accounts_party", f"id = {OWN_PARTY} or kind = 'ISO'"))
        ROW_POLICIES.register(
            RowPolicy(
                "accounts_user",
                f"party_id = {OWN_PARTY} or party_id is null "
                "or party_id in (select id from accounts_party where kind = 'ISO')",
            )
        )
        ROW_POLICIES.register(RowPolicy("accounts_membership", f"user_id in {OWN_USERS}"))
        for table in ("accounts_user_groups", "accounts_user_user_permissions"):
            ROW_POLICIES.register(RowPolicy(table, f"user_id in {OWN_USERS}"))
        for prefix, reason in _FRAMEWORK.items():
            OPEN_TABLES.register(OpenTable(prefix, reason))
        connection_created.connect(stand_again, dispatch_uid="rmrcpm-place")
        # the signal comes once for each app with models; after the last one all tables stand
        last = [app for app in apps.get_app_configs() if app.models_module][-1]
        post_migrate.connect(install_guards, sender=last, dispatch_uid="rmrcpm-guards")


_FRAMEWORK = {
    "auth_*": "groups and permissions of the framework; unused",
    "django_*": "sessions, migrations, schedule and results of the framework; no list shows them",
    "pghistory_context": "who and why of history rows; no page of a party reads it",
    "pghistory_aggregateevent": "a view without rows of its own",
}
