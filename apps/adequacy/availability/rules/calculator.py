"""The calculator of hourly curtailment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.adequacy.availability.rules.hourly import Piece, hourly_one
from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.quantity import MW, InexactQuantity
from apps.platform.kernel.tradetime import PACIFIC, TradeDay, is_plausible

CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


def _moment(document: Document, value: Any, at: str, day: date) -> datetime | None:
    """Return a moment written as a clock time of the date, or as a date and time."""
    if isinstance(value, str) and (match := CLOCK.fullmatch(value.strip())):
        hours, minutes = int(match[1]), int(match[2])
        if hours < 24:
            return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=PACIFIC)
        if minutes == 0:
            return TradeDay(day).end
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or not is_plausible(found.date()):
        document.findings.add(
            "CALC-TIME", f"{at} must be a time such as 17:20 or 2024-09-04T17:20.", column=at
        )
        return None
    return found if found.tzinfo else found.replace(tzinfo=PACIFIC)


def _pieces(document: Document, name: str, day: date) -> list[Piece]:
    found = []
    for number, row in enumerate(document.rows(name), 1):
        at = f"{name}[{number}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be a JSON object.", column=at)
            continue
        for key in row:
            if key not in ("start", "end", "mw"):
                document.findings.add(
                    "CALC-UNKNOWN", f"{at} has no field {str(key)[:60]!r}.", column=at
                )
        mw = _mw(document, row.get("mw"), f"{at}.mw")
        start = _moment(document, row.get("start"), f"{at}.start", day)
        end = row.get("end")
        ended = None if end is None else _moment(document, end, f"{at}.end", day)
        if start is not None and ended is not None and ended < start:
            document.findings.add("OUT-ORDER", f"{at} ends before it starts.", column=f"{at}.end")
        if start is not None:
            found.append(Piece(mw, start, ended))
    return found


def _mw(document: Document, value: Any, at: str) -> Decimal:
    number = document.number(value, at, minimum=Decimal(0))
    try:
        MW.to_scaled(number)
    except InexactQuantity:
        document.findings.add("CALC-DECIMALS", f"{at} holds at most 4 decimals.", column=at)
        return Decimal(0)
    return number


def _hours(document: Document, day: date) -> list[int]:
    count = TradeDay(day).hour_count
    found = []
    for value in document.rows("hours"):
        text = str(value) if not isinstance(value, bool) else ""
        if text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= count:
            found.append(int(text))
        else:
            document.findings.add(
                "CALC-HOUR", f"{day} has hours ending 1 to {count}.", column="hours"
            )
    return found


def availability_hours(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return curtailed MW by hour (see ``hourly_one``)."""
    document = Document.open(
        body, known=("outages", "substitutions", "obligation_mw", "hours", "date")
    )
    day = document.day("date")
    outages = _pieces(document, "outages", day)
    substitutions = _pieces(document, "substitutions", day)
    obligation = _mw(document, document.get("obligation_mw"), "obligation_mw")
    hours = _hours(document, day)
    document.close()
    found = hourly_one(outages, substitutions, obligation, day, hours)
    return {"hours": [{"hour_ending": h, "curtailed_mw": f"{mw:.2f}"} for h, mw in found.items()]}


AVAILABILITY_HOURS = Calculator(
    name="availability-hours",
    title="Hourly curtailment",
    meaning="Megawatts of an obligation that are out, averaged over each hour, less substitution.",
    inputs=(
        Port(
            "outages",
            "list",
            "MW",
            "start, end (null: open), mw; times 17:20 or with a date, Pacific.",
        ),
        Port("substitutions", "list", "MW", "start, end, mw."),
        Port("obligation_mw", "number", "MW", "The cap of each moment."),
        Port("hours", "list", "", "Hours ending, by their place in the day."),
        Port("date", "date", "", "The trade date; 23, 24 or 25 hours."),
    ),
    outputs=(Port("hours", "list", "MW", "hour_ending, curtailed_mw at 0.01 MW."),),
    example={
        "outages": [{"start": "17:20", "end": "18:40", "mw": "30"}],
        "substitutions": [{"start": "00:00", "end": "24:00", "mw": "10"}],
        "obligation_mw": "45",
        "hours": [17, 18, 19, 20, 21],
        "date": "2024-09-04",
    },
    compute=availability_hours,
    requirements=("BRQ-0216", "BRQ-1215"),
)
