"""The calculator ``retirement-notice``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.reliability.retirements.rules.notice_period import check_notice
from apps.reliability.retirements.terms import LongTermState

FIELDS = ("state", "requested_state", "notice_date", "requested_date", "capacity_mw")


def retirement_notice(body: Mapping[str, Any]) -> dict[str, Any]:
    """Check a notice with the values of the specification (see ``check_notice``)."""
    document = Document.open(body, known=FIELDS)
    states = tuple(LongTermState)
    state = document.choice("state", states)
    requested = document.choice("requested_state", states)
    notice, wished = document.day("notice_date"), document.day("requested_date")
    given = document.get("capacity_mw")
    capacity = (
        document.number(given, "capacity_mw", minimum=Decimal(0))
        if "capacity_mw" in body
        else Decimal(0)
    )
    document.close()
    done = check_notice(
        state=LongTermState(state),
        requested=LongTermState(requested),
        notice_date=notice,
        requested_date=wished,
        capacity_mw=capacity,
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
    inputs=(
        Port("state", "OPERATING, MOTHBALLED or RETIRED", "", "The present long-term state."),
        Port("requested_state", "OPERATING, MOTHBALLED or RETIRED", "", "The wished state."),
        Port("notice_date", "date", "", "Day of the notice; it is not counted."),
        Port("requested_date", "date", "", "First day in the wished state."),
        Port("capacity_mw", "decimal string", "MW", "Pmax."),
    ),
    outputs=(
        Port("accepted", "true or false", "", "Whether the notice can be filed."),
        Port("earliest_date", "date", "", "The first date that is accepted."),
        Port("daily_briefing", "true or false", "", "Whether it stands in the daily briefing."),
        Port("public_list", "true or false", "", "Whether it stands on the public list."),
    ),
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
