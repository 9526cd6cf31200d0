"""Writes of access: people, tokens, certificates."""

from apps.platform.sign_in.services.certificates import (
    CertificateRefused,
    ensure_authority,
    issue_certificate,
    no_machine_approves,
    register_certificate,
    revoke_certificate,
)
from apps.platform.sign_in.services.mailing import LinkMail, invitation_link, not_known
from apps.platform.sign_in.services.people import (
    PersonRefused,
    activate,
    deactivate,
    invite,
    link_for_operator,
    party_change,
    renew_link,
    set_roles,
)
from apps.platform.sign_in.services.roles import role_grant, role_refuse, role_titles, role_waits
from apps.platform.sign_in.services.tokens import (
    TokenRefused,
    TokenTooWide,
    token_make,
    token_revoke,
    token_user,
    tokens_end,
)

__all__ = [
    "CertificateRefused",
    "LinkMail",
    "PersonRefused",
    "TokenRefused",
    "TokenTooWide",
    "activate",
    "deactivate",
    "ensure_authority",
    "invitation_link",
    "invite",
    "issue_certificate",
    "link_for_operator",
    "no_machine_approves",
    "not_known",
    "party_change",
    "register_certificate",
    "renew_link",
    "revoke_certificate",
    "role_grant",
    "role_refuse",
    "role_titles",
    "role_waits",
    "set_roles",
    "token_make",
    "token_revoke",
    "token_user",
    "tokens_end",
]
