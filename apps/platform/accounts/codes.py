"""The roles people hold, and the groups of roles that screens and workflows speak of."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do. ISO roles count only inside the ISO, SC roles only inside an SC."""

    ISO_ADMIN = "ISO_ADMIN"
    ISO_OPERATOR = "ISO_OPERATOR"
    ISO_APPROVER = "ISO_APPROVER"
    ISO_CONTRACTS = "ISO_CONTRACTS"
    ISO_LEGAL = "ISO_LEGAL"
    ISO_MONITORING = "ISO_MONITORING"
    ISO_SETTLEMENTS = "ISO_SETTLEMENTS"
    SC_ADMIN = "SC_ADMIN"
    SC_USER = "SC_USER"
    SC_READER = "SC_READER"


ROLE_TITLES = {
    Role.ISO_ADMIN: "ISO administrator",
    Role.ISO_OPERATOR: "Operator (uploads)",
    Role.ISO_APPROVER: "Approver",
    Role.ISO_CONTRACTS: "Regulatory contracts",
    Role.ISO_LEGAL: "Legal",
    Role.ISO_MONITORING: "Market monitoring (read)",
    Role.ISO_SETTLEMENTS: "Settlements analyst",
    Role.SC_ADMIN: "SC administrator (own users)",
    Role.SC_USER: "SC user",
    Role.SC_READER: "SC read-only",
}

ISO_ROLES = frozenset(r for r in Role if r.startswith("ISO_"))
SC_ROLES = frozenset({Role.SC_ADMIN, Role.SC_USER, Role.SC_READER})
SIGNED_IN = ISO_ROLES | SC_ROLES
UPLOADERS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR})
CONTRACT_WRITERS = frozenset({Role.ISO_ADMIN, Role.ISO_CONTRACTS})
METER_WRITERS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR, Role.ISO_SETTLEMENTS})
APPROVERS = frozenset({Role.ISO_ADMIN, Role.ISO_APPROVER})
ANALYSTS = frozenset({Role.ISO_ADMIN, Role.ISO_SETTLEMENTS})
PROPOSERS = frozenset({Role.ISO_ADMIN, Role.ISO_SETTLEMENTS, Role.ISO_CONTRACTS})
# what decides as a second person somewhere: two people give these roles, never one alone
DECIDING = frozenset(
    {
        Role.ISO_ADMIN,
        Role.ISO_APPROVER,
        Role.ISO_CONTRACTS,
        Role.ISO_OPERATOR,
        Role.ISO_SETTLEMENTS,
    }
)
AUDIT_READERS = frozenset({Role.ISO_ADMIN, Role.ISO_MONITORING, Role.ISO_APPROVER, Role.ISO_LEGAL})
ADMINS = frozenset({Role.ISO_ADMIN})
PEOPLE_MANAGERS = frozenset({Role.ISO_ADMIN, Role.SC_ADMIN})


# accounts of the ISO nobody signs in with: one sends what was retrieved, one confirms what passes
SERVICE_ACCOUNTS = ("masterfile", "masterfile.check")


class PartyKind(StrEnum):
    """What an organisation is to the ISO."""

    ISO = "ISO"
    SC = "SC"


PARTY_ROLE = "rmrcpm_party"
OWN_PARTY = "(select rmrcpm_party())"
OWN_USERS = f"(select id from accounts_user where party_id = {OWN_PARTY})"
NOBODY_READS = "false"
