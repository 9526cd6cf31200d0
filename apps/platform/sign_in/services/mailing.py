"""Send password links by mail, and say honestly whether the mail went."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from apps.platform.accounts.codes import ADMINS
from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LinkMail:
    """What became of a link: whether its mail went, where to, and what to tell who asked for it."""

    went: bool
    where: str
    sentence: str


def not_known(user: User) -> LinkMail:
    """Return what is told of a mail until it went: its request may have died before or after."""
    return LinkMail(
        False,
        "",
        f"It is not known whether the link to choose a password went to {user.username}. Ask; "
        f'where it did not come, send another with "New password link" on the page of '
        f"{user.username} (/users/{user.pk}/).",
    )


def invitation_link(*, user: User, root: str) -> str:
    """Return the address at which an invited person chooses a password, once."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return root.rstrip("/") + reverse("join", args=[key, token])


def send_link(*, user: User, link: str, why: str, actor: User, at: datetime) -> LinkMail:
    """Mail a link now; return whether it went and where. Nobody but its person is shown it.

    Called after the commit of what it is about. A mail that does not go is on record.
    """
    to = user.email or f"{user.username}@localhost"
    text = f"{why}\n\nChoose a password within three days:\n{link}\n"
    try:
        sent = send_mail("Your account at rmrcpm", text, None, [to])
        trouble = "" if sent else "no mail was taken"
    except (OSError, ValueError, ImproperlyConfigured) as fault:  # an SMTP fault is an OSError
        logger.warning("the mail with a link for %s did not go: %s", user.username, type(fault))
        trouble = type(fault).__name__
    if trouble:
        log_event(
            action="sign_in.person.link_not_sent",
            sentence=f"The mail with a password link for {user.username} could not be sent "
            f"({trouble})",
            actor=actor,
            at=at,
            subject=user,
        )
        return LinkMail(
            False,
            "",
            (
                f"The link to choose a password could not be sent to {to} ({trouble}), so "
                f"{user.username} has none. Check the address and the mail server, then "
                f'send another with "New password link" on the page of {user.username} '
                f"(/users/{user.pk}/)."
            ),
        )
    where = _where(to, actor)
    return LinkMail(True, where, f"A link to set a password went to {user.username} {where}.")


def _where(to: str, actor: User) -> str:
    """Say where a mail went; no path of the server stands in it."""
    if settings.EMAIL_HOST:
        return f"by mail to {to}"
    if actor.viewer().may(ADMINS):
        return (
            f"as a mail to {to} into the folder mail of the site's home (RMRCPM_HOME) on the "
            "server, as this site sends none: who runs the machine hands it on, or prints a link "
            "with manage.py password_link; with RMRCPM_SMTP set, mails are sent"
        )
    return (
        f"as a mail to {to} that waits on the server, as this site sends none; ask an ISO "
        "administrator to hand it on"
    )
