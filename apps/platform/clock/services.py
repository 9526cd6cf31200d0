"""Set the simulated clock: at the first start, and at each later one where it had stopped."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from apps.platform.accounts.selectors import system_user
from apps.platform.audit.selectors import latest_known
from apps.platform.audit.services import log_event
from apps.platform.clock.models import ClockLead
from apps.platform.clock.selectors import forget, site_now  # noqa: TID251  (it sets the clock)
from apps.platform.core.tradetime import PACIFIC

LEAST_PAUSE = timedelta(minutes=2)  # signs of life are seconds apart; less is no stop


class ClockRefused(Exception):
    """The clock cannot be set so; the message says what to do."""


@transaction.atomic
def begin_clock(*, starts: datetime, at: datetime) -> bool:
    """Let the site's clock begin at ``starts`` where it has not begun; say whether it did.

    ``at``: the machine's moment. Raises ClockRefused where the database already holds what became
    known by another clock: time would go back under it.
    """
    if ClockLead.objects.exists():
        return False
    known = latest_known()
    if known is not None and known > starts:
        raise ClockRefused(
            f"This home holds what became known by {known:%Y-%m-%d %H:%M} UTC, later than the "
            "moment RMRCPM_CLOCK names. Begin with a home of its own (RMRCPM_HOME), or leave "
            "RMRCPM_CLOCK out."
        )
    _set(starts - at, "the site's clock begins")
    return True


@transaction.atomic
def go_on(*, stopped: datetime, at: datetime) -> timedelta:
    """Let the clock go on from where the product stopped, as in a pause; return how long it was.

    ``stopped``: the last moment of the site's clock that anything was seen at; ``at``: the
    machine's moment.
    """
    known = latest_known()
    last = max(stopped, known) if known is not None else stopped
    pause = site_now() - last
    if pause < LEAST_PAUSE:
        return timedelta()
    _set(last - at, "the product was started again")
    return pause


def _set(ahead: timedelta, reason: str) -> None:
    ClockLead.objects.create(ahead=ahead, reason=reason)
    forget()
    now = site_now()
    log_event(
        action="clock.set",
        sentence=f"{reason} at {now.astimezone(PACIFIC):%Y-%m-%d %H:%M:%S} Pacific",
        actor=system_user(),
        at=now,
    )
