"""``manage.py person NAME --party CODE --role ROLE``: the first people of a new site.

Makes the party (a scheduling coordinator) where it is missing, and prints a new person's password
once. A role that decides as a second person is given here only while the site has not two people
who may approve; from then on an administrator asks for it under Users and another person approves.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.platform.accounts.codes import APPROVERS, ROLE_TITLES, Role
from apps.platform.accounts.models import Party, User
from apps.platform.accounts.selectors import system_user
from apps.platform.accounts.services import RoleRefused, party_ensure, user_ensure
from apps.platform.audit.services import log_event
from apps.platform.clock.selectors import site_now
from apps.platform.notifications.services import holders
from apps.platform.sign_in.services import CertificateRefused, no_machine_approves

TWO = 2  # people who may approve: as soon as they are there, they give the roles that decide


class Command(BaseCommand):
    """Add a person with roles at a party; roles are added, never taken away."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, where, and what they may do."""
        parser.add_argument("username")
        parser.add_argument("--party", required=True, help="ISO, or an SC ID")
        parser.add_argument("--party-name", default="", help="name of a party to be made")
        parser.add_argument(
            "--role",
            action="append",
            required=True,
            choices=[r.value for r in Role],
            help="; ".join(f"{r.value}: {ROLE_TITLES[r]}" for r in Role),
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing."""
        party = Party.objects.filter(code=options["party"]).first()
        if party is None and not options["party_name"]:
            raise CommandError(
                f"There is no party {options['party']}; name it with --party-name to make it.",
                returncode=2,
            )
        party = party or party_ensure(code=options["party"], name=options["party_name"])
        known = User.objects.filter(username=options["username"]).first()
        if known is not None and known.party_id != party.pk:
            raise CommandError(f"{known.username} belongs to another party.", returncode=2)
        password = secrets.token_urlsafe(12)
        try:
            if known is not None:
                no_machine_approves(user=known, roles=options["role"], at=site_now())
            user = user_ensure(
                username=options["username"],
                password=password,
                party=party,
                roles=options["role"],
                set_up=len(holders(APPROVERS)) < TWO,
            )
        except (RoleRefused, CertificateRefused) as trouble:
            raise CommandError(str(trouble), returncode=2) from trouble
        log_event(
            action="accounts.user.ensured",
            sentence=f"{user.username} at {party.code}: {', '.join(options['role'])}",
            actor=system_user(),
            at=site_now(),
            subject=user,
        )
        self.stdout.write(
            f"{user.username} was known; roles added where missing"
            if known
            else f"{user.username} at {party.code}, password (shown once): {password}"
        )
