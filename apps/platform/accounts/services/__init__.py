"""Writes of parties, users and roles; and row-level security between parties."""

from apps.platform.accounts.services.guards import (
    GuardsMissing,
    brief,
    install_guards,
    lost_guards,
    missing_guards,
    require_guards,
)
from apps.platform.accounts.services.people import RoleRefused, party_ensure, user_ensure
from apps.platform.accounts.services.rls import (
    RowSecurityError,
    as_party,
    bypass_rls,
    declared_row_policies,
    stand_again,
)

__all__ = [
    "GuardsMissing",
    "RoleRefused",
    "RowSecurityError",
    "as_party",
    "brief",
    "bypass_rls",
    "declared_row_policies",
    "install_guards",
    "lost_guards",
    "missing_guards",
    "party_ensure",
    "require_guards",
    "stand_again",
    "user_ensure",
]
