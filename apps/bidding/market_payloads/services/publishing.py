"""Make payloads where their content changed, and hand them over until they are taken."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import pghistory
from django.db import connection, transaction
from django.urls import reverse

from apps.bidding.market_payloads.codes import AUDIENCES, SENDERS, Audience
from apps.bidding.market_payloads.models import Delivery, MarketPayload, PayloadBody
from apps.bidding.market_payloads.selectors import newest_payload
from apps.bidding.market_payloads.services.content import content_of
from apps.bidding.market_payloads.services.destinations import DeliveryTrouble, Destination
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.words import counted
from apps.platform.jobs.services import queue
from apps.platform.notifications.services import holders, tell

DELIVER = "deliver-market-payload"
MOST_MISSED = timedelta(days=31)
MOST_ATTEMPTS = 50


def payload_asked(
    *, audience: Audience, day: date, actor: User, at: datetime, cause: str
) -> tuple[MarketPayload, bool]:
    """Make the next version of a payload because somebody asks for it, as ``make_payload`` does.

    Raises MoveRefused where the actor's roles do not send to the markets. What follows from a
    sealed run or from the schedule calls ``make_payload``: nobody asks there.
    """
    if not actor.viewer().may(SENDERS):
        raise MoveRefused("Your roles do not allow you to make market payloads.")
    return make_payload(audience=audience, day=day, actor=actor, at=at, cause=cause)


@implements("BRQ-0076", "BRQ-0080", "BRQ-0094", source="BRS 1.2 sections 6.1.2, 6.3.2, 6.3.3")
@transaction.atomic
def make_payload(
    *, audience: Audience, day: date, actor: User, at: datetime, cause: str
) -> tuple[MarketPayload, bool]:
    """Make the next version of a payload where its content differs; else return what there is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext(%s), %s)", [audience.value, day.toordinal()]
        )
    content = content_of(audience, day)
    digest = hashlib.sha256(content.text.encode()).hexdigest()
    last = newest_payload(audience.value, day)
    if last is not None and last.sha256 == digest:
        return last, False
    with pghistory.context(user=actor.pk):
        payload = MarketPayload.objects.create(
            state=MarketPayload.STATES.initial,
            opened_by=actor,
            opened_at=at,
            audience=audience.value,
            trade_date=day,
            version=last.version + 1 if last else 1,
            sha256=digest,
            records=content.records,
            cause=cause[:300],
            alerts=[f.as_dict() for f in content.alerts],
        )
    PayloadBody.objects.create(payload=payload, text=content.text)
    log_event(
        action="market_payloads.payload.made",
        actor=actor,
        at=at,
        subject=payload,
        sentence=f"{AUDIENCES[audience]} {day} v{payload.version}: "
        f"{counted(content.records, 'record')}; {cause}",
    )
    if content.alerts:
        tell(
            holders(SENDERS),
            topic="market-view",
            at=at,
            address=reverse("market-payloads-case", args=[payload.pk]),
            title=f"{AUDIENCES[audience]} {day}: {len(content.alerts)} alerts",
            body=" ".join(f"{f.code} {f.message}" for f in content.alerts[:5]),
        )
    _queue(payload, actor, at)
    return payload, True


def _queue(payload: MarketPayload, actor: User, at: datetime) -> None:
    queue(
        kind=DELIVER,
        actor=actor,
        at=at,
        address=reverse("market-payloads-case", args=[payload.pk]),
        title=f"Deliver {payload.audience} {payload.trade_date} v{payload.version}",
        arguments={"payload_id": payload.pk},
    )


def file_name(payload: MarketPayload) -> str:
    """Return the name under which a payload is handed over."""
    ending = "json" if payload.audience in ("DA", "RT") else "csv"
    return f"rmr_{payload.audience.lower()}_{payload.trade_date}_v{payload.version}.{ending}"


def deliver(*, payload_id: int, destination: Destination, at: datetime) -> MarketPayload:
    """Hand a payload over once and note how it went; one that was taken is left alone.

    Handing over twice is harmless: the file has the same name and bytes.
    """
    payload = MarketPayload.objects.get(pk=payload_id)
    if payload.state == "DELIVERED":
        return payload
    try:
        sentence, taken = (destination.take(file_name(payload), payload.body.text.encode()), True)
    except DeliveryTrouble as trouble:
        sentence, taken = str(trouble), False
    with transaction.atomic():
        Delivery.objects.create(
            payload=payload,
            at=at,
            destination=destination.name[:300],
            taken=taken,
            sentence=sentence[:300],
        )
        return transition(
            payload,
            action="deliver" if taken else "fail",
            actor=system_user(),
            at=at,
            note=sentence,
            set_fields={"delivered_at": at} if taken else {},
        )


@transaction.atomic
def resend(*, case_id: int, actor: User, at: datetime, note: str = "") -> MarketPayload:
    """Hand a payload over again, as it was."""
    payload = transition(
        MarketPayload.objects.get(pk=case_id), action="resend", actor=actor, at=at, note=note
    )
    _queue(payload, actor, at)
    return payload


def waiting(at: datetime) -> list[int]:
    """Return payloads that were not taken yet and may be tried again, newest versions only."""
    found = MarketPayload.objects.filter(
        state__in=["MADE", "FAILED"],
        opened_at__lt=at - timedelta(minutes=2),
        opened_at__gt=at - MOST_MISSED,
    ).order_by("trade_date", "pk")
    kept = []
    for payload in found:
        newest = newest_payload(payload.audience, payload.trade_date)
        own = newest is not None and newest.pk == payload.pk
        if own and payload.attempts.count() < MOST_ATTEMPTS:
            kept.append(payload.pk)
    return kept


def publish_due(*, at: datetime, actor: User | None = None) -> list[MarketPayload]:
    """Make what is due: real-time and reports of today, day-ahead of tomorrow, days missed since.

    Twice makes nothing twice.
    """
    today = at.astimezone(PACIFIC).date()
    made = []
    for audience in Audience:
        if audience is Audience.RAAIM:  # made as availability is sealed
            continue
        last_due = today + timedelta(days=1) if audience is Audience.DA else today
        last = (
            MarketPayload.objects.filter(audience=audience.value, trade_date__lte=last_due)
            .order_by("-trade_date")
            .values_list("trade_date", flat=True)
            .first()
        )
        first = max(last, last_due - MOST_MISSED) if last else last_due
        for n in range((last_due - first).days + 1):
            payload, is_new = make_payload(
                audience=audience,
                day=first + timedelta(days=n),
                actor=actor or system_user(),
                at=at,
                cause="daily publication",
            )
            if is_new:
                made.append(payload)
    return made
