"""API tokens: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import pghistory
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event
from apps.platform.sign_in.codes import MOST_TOKEN_DAYS, TOKEN_PREFIX, TokenScope
from apps.platform.sign_in.models import ApiToken

USE_NOTED_EVERY = timedelta(minutes=5)


class TokenRefused(ValueError):
    """A token cannot be made or used; the message says why."""


class TokenTooWide(TokenRefused):
    """A token asked for another one with more scopes or a longer life than its own."""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def token_make(
    *,
    user: User,
    name: str,
    scopes: Iterable[str],
    days: int,
    actor: User,
    at: datetime,
    by_token: ApiToken | None = None,
) -> tuple[ApiToken, str]:
    """Make a token of a person; return it and its secret, which nobody can read again.

    ``by_token``: the token that asks for it; the new one has no more scopes and no longer life.
    Raises TokenRefused for an unknown scope, no scope, no name, or a life beyond a year.
    """
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= {s.value for s in TokenScope}:
        raise TokenRefused(
            f"Choose at least one scope of {', '.join(s.value for s in TokenScope)}."
        )
    if not name.strip():
        raise TokenRefused("Say what uses the token, so that it can be told apart later.")
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise TokenRefused(f"A token lives 1 to {MOST_TOKEN_DAYS} days.")
    if actor.pk != user.pk:
        raise TokenRefused("A token acts as its person; only that person can make it.")
    if by_token is not None and not set(wanted) <= set(by_token.scopes):
        raise TokenTooWide(
            "A token cannot make a token beyond its scopes; this one has "
            f"{', '.join(sorted(by_token.scopes))}."
        )
    if by_token is not None and at + timedelta(days=days) > by_token.expires_at:
        raise TokenTooWide(
            "A token cannot make a token that outlives it; this one ends on "
            f"{by_token.expires_at:%Y-%m-%d}."
        )
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with pghistory.context(user=actor.pk):
        token = ApiToken.objects.create(
            user=user,
            name=name.strip()[:80],
            prefix=secret[:12],
            digest=_digest(secret),
            scopes=wanted,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
    log_event(
        action="sign_in.token.made",
        sentence=f"{user.username} made the API token {token.name!r} ({', '.join(wanted)}), "
        f"valid for {days} days",
        actor=actor,
        at=at,
        subject=token,
    )
    return token, secret


@transaction.atomic
def token_revoke(*, token: ApiToken, actor: User, at: datetime) -> ApiToken:
    """End a token now; twice is harmless."""
    if token.revoked_at is None:
        with pghistory.context(user=actor.pk):
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
        log_event(
            action="sign_in.token.revoked",
            sentence=f"The API token {token.name!r} of {token.user.username} is revoked",
            actor=actor,
            at=at,
            subject=token,
        )
    return token


@transaction.atomic
def tokens_end(*, user: User, actor: User, at: datetime) -> int:
    """End all tokens of a person now, each in its history and all in the log; return how many."""
    with pghistory.context(user=actor.pk):
        ended = ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    if ended:
        log_event(
            action="sign_in.person.tokens_ended",
            sentence=f"{ended} API token{'s' if ended > 1 else ''} of {user.username} "
            f"{'are' if ended > 1 else 'is'} revoked",
            actor=actor,
            at=at,
            subject=user,
        )
    return ended


def token_user(*, secret: str, at: datetime) -> ApiToken:
    """Return the token a request brings; raises TokenRefused with the same words for all but age.

    The moment of use is noted at most every five minutes.
    """
    token = ApiToken.objects.select_related("user__party").filter(digest=_digest(secret)).first()
    if token is None or token.revoked_at is not None or not token.user.is_active:
        raise TokenRefused("This API token is not known or has been revoked.")
    if token.expires_at <= at:
        raise TokenRefused(f"This API token expired on {token.expires_at:%Y-%m-%d}; make another.")
    if token.last_used_at is None or at - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token
