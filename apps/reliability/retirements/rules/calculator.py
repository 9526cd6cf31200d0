"""The calculator ``retirement-notice``."""

from __future__ import annotations

from typing import Annotated, Any

from apps.platform.core.calculator import (
    Calculator,
    Day,
    Flag,
    Inputs,
    NotNegative,
    OneOf,
    Outputs,
    field,
)
from apps.reliability.retirements.codes import LongTermState
from apps.reliability.retirements.rules.notice_period import check_notice

StateName = Annotated[str, OneOf(*LongTermState)]


class RetirementNoticeInputs(Inputs):
    """A notice: from which state to which, when it was given and for when."""

    state: StateName = field("The present long-term state.")
    requested_state: StateName = field("The state asked for.")
    notice_date: Day = field("Day of the notice; it is not counted.")
    requested_date: Day = field("First day in the state asked for.")
    capacity_mw: NotNegative = field("Pmax.", unit="MW")


class RetirementNoticeOutputs(Outputs):
    """Whether it can be filed, and who is told."""

    accepted: Flag = field("Whether the notice can be filed.")
    earliest_date: Day = field("The first date that is accepted.")
    daily_briefing: Flag = field("Whether it stands in the daily briefing.")
    public_list: Flag = field("Whether it stands on the public list.")


def retirement_notice(given: RetirementNoticeInputs) -> dict[str, Any]:
    """Check a notice with the values of the specification (see ``check_notice``)."""
    done = check_notice(
        state=LongTermState(given.state),
        requested=LongTermState(given.requested_state),
        notice_date=given.notice_date,
        requested_date=given.requested_date,
        capacity_mw=given.capacity_mw,
    )
    return {
        "accepted": done.accepted,
        "earliest_date": done.earliest_date.isoformat(),
        "daily_briefing": done.daily_briefing,
        "public_list": done.public_list,
    }


RETIREMENT_NOTICE = Calculator(
    name="retirement-notice",
    title="Retirement notice",
    meaning="Whether a resource may retire, mothball or return on a date, the earliest date, and "
    "who is told.",
    inputs=RetirementNoticeInputs,
    outputs=RetirementNoticeOutputs,
    example={
        "state": "MOTHBALLED",
        "requested_state": "RETIRED",
        "notice_date": "2020-03-03",
        "requested_date": "2020-05-31",
        "capacity_mw": "45.00",
    },
    compute=retirement_notice,
    requirements=("BRQ-0001", "BRQ-0010"),
)
