"""The accounts app: users, parties, roles, and the wall between parties."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate  # noqa: TID251  (see ready)


class AccountsConfig(AppConfig):
    """Declares what of its own tables a party sees; builds the wall after migrations."""

    name = "apps.platform.accounts"

    def ready(self) -> None:
        """Declare walls; the framework's hook after migrations is where a wall can be built."""
        from apps.platform.accounts.hooks import OPEN_TABLES, WALLS, OpenTable, Wall
        from apps.platform.accounts.services import install_wall, stand_again
        from apps.platform.accounts.terms import OWN_PARTY, OWN_USERS

        WALLS.register(Wall("accounts_party", f"id = {OWN_PARTY} or kind = 'ISO'"))
        WALLS.register(
            Wall(
                "accounts_user",
                f"party_id = {OWN_PARTY} or party_id is null "
                "or party_id in (select id from accounts_party where kind = 'ISO')",
            )
        )
        WALLS.register(Wall("accounts_membership", f"user_id in {OWN_USERS}"))
        for table in ("accounts_user_groups", "accounts_user_user_permissions"):
            WALLS.register(Wall(table, f"user_id in {OWN_USERS}"))
        for prefix, reason in _FRAMEWORK.items():
            OPEN_TABLES.register(OpenTable(prefix, reason))
        connection_created.connect(stand_again, dispatch_uid="rmrcpm-wall")
        post_migrate.connect(install_wall, dispatch_uid="rmrcpm-wall")


_FRAMEWORK = {
    "auth_*": "groups and permissions of the framework; unused",
    "django_*": "sessions, migrations, schedule and results of the framework; no list shows them",
    "pghistory_context": "who and why of history rows; no page of a party reads it",
    "pghistory_aggregateevent": "a view without rows of its own",
}
