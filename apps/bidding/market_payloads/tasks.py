"""The queue's way to the market's view."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from apps.bidding.market_payloads import services
from apps.platform.clock.selectors import site_now
from apps.platform.jobs.codes import JobFailed, Steps
from apps.platform.jobs.hooks import JobKind


def deliver_payload(steps: Steps, *, payload_id: int) -> None:
    """Hand one payload over."""
    steps.step(0, 1, "handing over")
    payload = services.deliver(
        payload_id=payload_id,
        at=site_now(),
        destination=services.destination_of(settings.MARKET_DESTINATION),
    )
    attempt = payload.attempts.first()
    if attempt is not None:
        steps.line(attempt.sentence)
    if payload.state != "DELIVERED":
        raise JobFailed(attempt.sentence if attempt else "not taken")


DELIVER_PAYLOAD = JobKind(
    code=services.DELIVER,
    title="Deliver a market payload",
    work=deliver_payload,
    advice="See that the folder or address of the market can be reached (RMRCPM_MARKET). It is "
    "tried again every five minutes; “Send again” on the payload's page tries at once.",
)


@shared_task(acks_late=True)
def publish_market_view(**_: object) -> int:
    """Make what is due and hand it over."""
    return len(services.publish_due(at=site_now()))


@shared_task(acks_late=True)
def deliver_waiting(**_: object) -> int:
    """Hand over again what was not taken."""
    now = site_now()
    destination = services.destination_of(settings.MARKET_DESTINATION)
    found = services.waiting(now)
    for payload_id in found:
        services.deliver(payload_id=payload_id, at=now, destination=destination)
    return len(found)
