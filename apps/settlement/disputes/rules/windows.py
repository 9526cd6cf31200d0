"""Whether a statement may be disputed, until when, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.reference.market.rules import add_business_days
from apps.settlement.settlements.rules import ScheduledRun


@dataclass(frozen=True)
class Window:
    """What of a statement may be disputed, and until the end of which day.

    ``change_only``: the change since the version before; ``until`` None: nothing of it.
    """

    run_type: str
    until: date | None
    change_only: bool
    sentence: str

    def open_on(self, day: date) -> bool:
        """Whether a dispute may be filed on a day."""
        return self.until is not None and day <= self.until


@implements("BRQ-1203", "BRQ-1201", source="settlement rule book 11.1 and 11.4")
def window_of(
    run_type: str,
    published: date,
    calendar: list[ScheduledRun],
    *,
    optional: str,
    optional_days: int,
) -> Window:
    """Return the window of a statement of a run, published on a day.

    calendar: the runs of its trade date. A run the calendar does not let be disputed, or that it
    does not know, takes none; an optional run takes disputes of its changes.
    """
    if run_type == optional:
        until = add_business_days(published, optional_days)
        return Window(run_type, until, True, f"An optional run: the change, until {until}.")
    known = next((r for r in calendar if r.run == run_type), None)
    if known is None:
        return Window(
            run_type,
            None,
            False,
            "This run is none of the calendar's for its trade date; disputes are filed on those.",
        )
    if not known.disputable:
        return Window(
            run_type,
            None,
            False,
            f"{run_type} takes no disputes; the next run of the calendar does.",
        )
    until = add_business_days(published, known.dispute_days)
    what = "the change since the version before" if known.incremental else "the full amount"
    return Window(run_type, until, known.incremental, f"{run_type}: {what}, until {until}.")


@implements("BRQ-1203", source="settlement rule book 11.4")
def disputed_amount(
    stated: Decimal, previous: Decimal | None, should_be: Decimal, *, change_only: bool
) -> Decimal:
    """Return what is asked back: stated less what it should be; positive is in the SC's favour.

    Raises ValueError where nothing is asked, or more than the change where only that is open.
    """
    asked = stated - should_be
    if asked == 0:
        raise ValueError("The line says already what it should be.")
    change = stated - (previous or Decimal(0))
    if change_only and abs(asked) > abs(change):
        raise ValueError(f"Only the change of {dollars(change)} is open to dispute on this run.")
    return asked
