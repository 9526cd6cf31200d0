"""Tell people, note that they looked, and write calendars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from apps.platform.accounts.codes import SERVICE_ACCOUNTS, PartyKind
from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.services import bypass_rls
from apps.platform.core.unseen import shown
from apps.platform.notifications.hooks import TOPICS, Deadline
from apps.platform.notifications.models import Notification, Preference
from apps.platform.notifications.selectors import deadlines, preferences

Attachment = tuple[str, bytes, str]
CALENDAR_SALT = "rmrcpm.calendar"
CALENDAR_REACH = timedelta(days=400)


def holders(roles: Iterable[str], *, but: User | None = None) -> list[User]:
    """Return the active ISO people who hold one of these roles, without one of them."""
    found = User.objects.filter(
        is_active=True, party__kind=PartyKind.ISO, memberships__role__in=list(roles)
    ).exclude(username__in=SERVICE_ACCOUNTS)
    return list((found.exclude(pk=but.pk) if but else found).distinct().order_by("username"))


def people_of(party_id: int | None, roles: Iterable[str]) -> list[User]:
    """Return the active people of a party who hold one of these roles."""
    if party_id is None:
        return []
    found = User.objects.filter(
        is_active=True, party_id=party_id, memberships__role__in=list(roles)
    )
    return list(found.distinct().order_by("username"))


def tell(
    users: Iterable[User],
    *,
    topic: str,
    title: str,
    at: datetime,
    body: str = "",
    address: str = "",
    mail: str = "",
    attachments: Sequence[Attachment] = (),
) -> int:
    """Put a notice into people's inboxes, and mail it to those who want that; return how many.

    ``mail`` stands in the mail where it may be longer than the inbox's ``body``; ``attachments``
    are (file name, bytes, media type) that only the mail carries.

    Written in the caller's transaction; mail goes out after it, and a mail server that is away
    never undoes the work that was told about.
    """
    wanted = TOPICS[topic]
    with bypass_rls("a notice is for its reader, whoever caused it"):
        people = list(users)
        kept = {p.user_id: p for p in Preference.objects.filter(topic=topic, user__in=people)}
        inbox = [u for u in people if u.pk not in kept or kept[u.pk].in_app]
        Notification.objects.bulk_create(
            Notification(
                user=u, topic=topic, title=title[:200], body=body[:500], address=address, at=at
            )
            for u in inbox
        )
    by_mail = [
        u.email for u in people if u.email and (kept[u.pk].email if u.pk in kept else wanted.email)
    ]
    for email in by_mail:
        transaction.on_commit(partial(_mail, email, title, mail or body, address, attachments))
    return len(inbox)


def _mail(to: str, title: str, body: str, address: str, attachments: Sequence[Attachment]) -> None:
    link = f"\n\n{settings.SITE_ADDRESS}{address}" if address else ""
    message = EmailMessage(shown(f"rmrcpm: {title}"), shown(f"{body or title}{link}\n"), None, [to])
    for attachment in attachments:
        message.attach(*attachment)
    message.send(fail_silently=True)


@transaction.atomic
def prefer(*, user: User, choices: dict[str, tuple[bool, bool]]) -> None:
    """Keep how a person wants to be told: by topic (in the inbox, by e-mail)."""
    for topic, preference in preferences(user):
        in_app, email = choices.get(topic.code, (preference.in_app, preference.email))
        Preference.objects.update_or_create(
            user=user, topic=topic.code, defaults={"in_app": in_app, "email": email}
        )


def mark_read(*, user: User, at: datetime, notice_id: int | None = None) -> int:
    """Note that a person has seen one notice, or all of them; return how many were unread."""
    rows = Notification.objects.filter(user=user, read_at=None)
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=at)


def calendar_key(user: User) -> str:
    """Return the secret part of a person's calendar address; a new password makes another."""
    return signing.dumps([user.pk, _mark(user)], salt=CALENDAR_SALT, compress=True)


def _mark(user: User) -> str:
    """Return what changes with the password and tells nothing of it."""
    return salted_hmac(CALENDAR_SALT, user.password, algorithm="sha256").hexdigest()[:20]


def calendar_user(key: str) -> User | None:
    """Return whose calendar an address is, or None for one that is not or no longer valid."""
    try:
        number, mark = signing.loads(key, salt=CALENDAR_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=number, is_active=True).first()
    fits = user is not None and constant_time_compare(_mark(user), str(mark))
    return user if fits else None


def calendar(*, viewer: Viewer, at: datetime, root: str) -> str:
    """Return a person's deadlines as an iCalendar file (RFC 5545)."""
    found = deadlines(viewer=viewer, since=at - timedelta(days=30), until=at + CALENDAR_REACH)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//rmrcpm//deadlines//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:rmrcpm deadlines",
    ]
    for deadline in found:
        lines += _event(deadline, at, root)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _event(deadline: Deadline, at: datetime, root: str) -> list[str]:
    moment = deadline.at.astimezone(UTC)
    return [
        "BEGIN:VEVENT",
        f"UID:{deadline.uid}@rmrcpm",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{moment:%Y%m%dT%H%M%SZ}",
        f"DTEND:{moment:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{_text(deadline.title)}",
        f"DESCRIPTION:{_text(deadline.description)}",
        f"URL:{root.rstrip('/')}{deadline.address}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P1D",
        f"DESCRIPTION:{_text(deadline.title)}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, "\\" + sign)
    return value.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Fold a line after 73 bytes at most, never inside a character."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > 73:
            pieces.append(piece)
            piece = " "
        piece += sign
    return [*pieces, piece]
