"""Lists of people, parties, tokens and certificates."""

from __future__ import annotations

from django.urls import reverse

from apps.platform.accounts import selectors as account_selectors
from apps.platform.accounts.codes import (
    ADMINS,
    APPROVERS,
    ISO_ROLES,
    PEOPLE_MANAGERS,
    SIGNED_IN,
    Role,
)
from apps.platform.accounts.models import Party, User
from apps.platform.accounts.rules import Viewer
from apps.platform.sign_in import selectors, services
from apps.platform.sign_in.models import ApiToken, PartyCertificate, RoleRequest
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, Transition, Workflow, turning_down


def _party_tools(viewer: Viewer) -> list[tuple[str, str]]:
    return [("New coordinator", reverse("party-new"))] if viewer.may(ADMINS) else []


def _user_tools(viewer: Viewer) -> list[tuple[str, str]]:
    return [("Invite somebody", reverse("invite"))] if viewer.may(PEOPLE_MANAGERS) else []


def _role_facts(case: RoleRequest, viewer: Viewer) -> list[CaseFact]:
    held = sorted(case.user.memberships.values_list("role", flat=True))
    return [
        CaseFact(
            "Person",
            case.user.username,
            address=reverse("person", args=[case.user_id]) if viewer.may(PEOPLE_MANAGERS) else "",
        ),
        CaseFact("First name", case.user.first_name),
        CaseFact("E-mail", case.user.email),
        CaseFact("Organisation", case.user.party.code if case.user.party else None),
        CaseFact("Roles asked for", services.role_titles(case.roles)),
        CaseFact("Roles held now", services.role_titles(held)),
        CaseFact("Asked for by", case.opened_by.username),
        CaseFact("Decided by", case.decided_by.username if case.decided_by else None),
    ]


PARTIES = Screen(
    name="parties",
    title="Scheduling coordinators",
    model=Party,
    select=account_selectors.parties,
    columns=(
        Column("code", link=link_to("party", "pk")),
        "name",
        "kind",
        "is_active",
        "is_synthetic",
    ),
    filters=("kind", "is_active"),
    search=("code", "name"),
    order=("code",),
    roles=ISO_ROLES | frozenset({Role.SC_ADMIN}),
    group="control",
    tools=_party_tools,
)
USERS = Screen(
    name="users",
    title="Users",
    model=User,
    select=account_selectors.users,
    columns=(
        Column("username", link=link_to("person", "pk")),
        "first_name",
        Column("email", shown=False),
        Column("party__code", "Party", link=link_to("party", "party_id")),
        "is_active",
        "last_login",
        "date_joined",
    ),
    extra=("party_id",),
    filters=("party__code", "is_active"),
    search=("username", "first_name", "email"),
    order=("username",),
    roles=PEOPLE_MANAGERS,
    group="control",
    intro="Who can sign in, for which organisation. Everything that is changed here is kept.",
    tools=_user_tools,
)
TOKENS = Screen(
    name="api-tokens",
    title="API tokens",
    model=ApiToken,
    select=selectors.tokens,
    columns=(
        "name",
        Column("user__username", "Acts as"),
        "prefix",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    ),
    filters=("user__username", "expires_at"),
    search=("name", "user__username"),
    order=("-created_at", "-pk"),
    roles=SIGNED_IN,
    group="control",
    intro="Secrets with which programs act as their person, within scopes and for a limited time.",
    tools=lambda viewer: [("Make and revoke tokens", reverse("own-tokens"))],
    empty="No API token yet. Make one under Account, API tokens.",
)
CERTIFICATES = Screen(
    name="certificates",
    title="Machine certificates",
    model=PartyCertificate,
    select=selectors.certificates,
    columns=(
        Column("party__code", "Party", link=link_to("party", "party_id")),
        Column("user__username", "Acts as"),
        "subject",
        Column("serial", shown=False),
        Column("fingerprint", shown=False),
        "not_before",
        "not_after",
        "registered_at",
        "revoked_at",
        "revoked_why",
    ),
    extra=("party_id",),
    filters=("party__code", "not_after"),
    search=("party__code", "subject", "fingerprint"),
    order=("-registered_at", "-pk"),
    roles=PEOPLE_MANAGERS,
    group="control",
    intro="Client certificates with which machines of a party come to the second listener.",
    empty="No machine certificate yet. Add one on the page of the organisation.",
)
ROLE_REQUESTS = Screen(
    name="role-requests",
    title="Role requests",
    model=RoleRequest,
    select=selectors.role_requests,
    columns=(
        Column("id", "No.", link=link_to("role-requests-case", "pk")),
        Column("user__username", "Person", link=link_to("role-requests-case", "pk")),
        "roles",
        "state",
        Column("opened_by__username", "Asked for by"),
        "opened_at",
        Column("decided_by__username", "Decided by"),
    ),
    filters=("state", "user__username"),
    search=("user__username", "opened_by__username"),
    order=("-opened_at", "-pk"),
    roles=APPROVERS,
    group="control",
    intro="Roles that decide as a second person are given by two people: an administrator asks on "
    "the person's page or by an invitation, and somebody else approves here.",
    empty="Nobody has been asked to be given a role that decides.",
)
WORKFLOWS.register(
    Workflow(
        name="role-requests",
        noun="role request",
        model=RoleRequest,
        select=selectors.role_requests,
        roles=APPROVERS,
        heading=lambda case: f"{case.user.username}: {services.role_titles(case.roles)}",
        facts=_role_facts,
        steps={
            "approve": Transition(services.role_grant),
            "reject": Transition(services.role_refuse, note_needed=True),
            "withdraw": turning_down(RoleRequest)["withdraw"],
        },
    )
)
SCREENS.register(PARTIES, USERS, TOKENS, CERTIFICATES, ROLE_REQUESTS)
MANAGE = PEOPLE_MANAGERS
MENU.register(
    MenuItem(
        group="Control", label="Organisations", name="parties", roles=ISO_ROLES | MANAGE, order=60
    )
)
MENU.register(MenuItem(group="Control", label="Users", name="users", roles=MANAGE, order=61))
MENU.register(
    MenuItem(
        group="Control", label="Role requests", name="role-requests", roles=APPROVERS, order=62
    )
)
MENU.register(
    MenuItem(group="Control", label="API tokens", name="api-tokens", roles=SIGNED_IN, order=62)
)
MENU.register(
    MenuItem(
        group="Control", label="Machine certificates", name="certificates", roles=MANAGE, order=63
    )
)
