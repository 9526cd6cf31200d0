"""When a resource may change its long-term state, and who is told of its notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation
from apps.reliability.retirements.codes import LongTermState


class NoticeScope(StrEnum):
    """Which changes need the notice period."""

    MOTHBALLED_TO_RETIRED = "MOTHBALLED_TO_RETIRED"
    EVERY_CHANGE = "EVERY_CHANGE"


@dataclass(frozen=True)
class NoticeCheck:
    """What becomes of a notice. ``violations`` say why it is not accepted."""

    earliest_date: date
    daily_briefing: bool
    public_list: bool
    violations: tuple[Violation, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the notice can be filed as it is."""
        return not self.violations


@implements("BRQ-0001", "BRQ-0010", source="BRS 1.2 section 6.1.1")
def check_notice(
    *,
    state: LongTermState,
    requested: LongTermState,
    notice_date: date,
    requested_date: date,
    capacity_mw: Decimal,
    notice_days: int = 90,
    scope: NoticeScope = NoticeScope.MOTHBALLED_TO_RETIRED,
    briefing_mw: Decimal = Decimal(45),
) -> NoticeCheck:
    """Check a request to change the long-term state of a resource.

    state, requested: the present and the state asked for. capacity_mw: Pmax. notice_days, scope,
    briefing_mw: values of ``retirement.notice_days``, ``.notice_scope`` and ``.briefing_mw``.
    Calendar days are counted, the day of the notice is not. Whether the notice belongs into the
    briefing and on the public list does not depend on its dates. Source: BRQ-0001, BRQ-0010.
    Interpretation: the 90 days are asked of a mothballed resource that retires, as the
    requirement's sentence says; EVERY_CHANGE asks them of each retirement and mothball.
    """
    leaves = requested is not LongTermState.OPERATING
    bound = (state, requested) == (LongTermState.MOTHBALLED, LongTermState.RETIRED) or (
        scope is NoticeScope.EVERY_CHANGE and leaves
    )
    earliest = notice_date + timedelta(days=notice_days) if bound else notice_date
    violations = []
    if state is requested:
        violations.append(
            Violation("RMR-E-0001B", f"The resource is {state} already.", column="requested_state")
        )
    elif (state, requested) == (LongTermState.RETIRED, LongTermState.MOTHBALLED):
        violations.append(
            Violation(
                "RMR-E-0001C",
                "A retired resource returns to service first.",
                column="requested_state",
            )
        )
    if requested_date < earliest:
        sentence = (
            f"Requested date {requested_date} is earlier than {notice_days} days after notice "
            f"{notice_date}; earliest {earliest}."
            if bound
            else f"Requested date {requested_date} lies before the notice of {notice_date}; "
            f"earliest {earliest}."
        )
        violations.append(Violation("RMR-E-0001", sentence, column="requested_date"))
    return NoticeCheck(earliest, leaves and capacity_mw >= briefing_mw, leaves, tuple(violations))
