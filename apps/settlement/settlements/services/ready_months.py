"""Whether the months that a month's end settles are measured under the capacity list in force."""

from __future__ import annotations

from datetime import date, datetime

from apps.adequacy.availability.codes import DAILY as AVAILABILITY_RUN
from apps.adequacy.availability.services import MonthStanding, standing_by_month
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span, first_of_month, last_of_month
from apps.platform.core.words import spans_of
from apps.platform.parameters.selectors import parameter_set
from apps.platform.runs.hooks import Hold, HoldEffect
from apps.settlement.settlements.rules.parameters import RAAIM_CARRYOVER, RAAIM_FROM
from apps.settlement.settlements.rules.raaim import months_in_the_pool


@implements("BRQ-1215", "BRQ-1240", source="settlement rule book 15, decision G36")
def months_held(day: date, known_at: datetime) -> list[Hold]:
    """Return RAAIM that is held in the month of a day and in those whose carry it takes, in order.

    Nothing on a day that ends no month.
    *Interpretation*: an earlier month of the year that is held holds this one too, also where it
    was published over its holds: the reason given there does not speak for what is carried here.
    """
    if day != last_of_month(day):
        return []
    own, first = first_of_month(day), _pool_begins(day, known_at)
    return [
        Hold(
            "AVAILABILITY-OUTDATED" if not row.missing else "AVAILABILITY-MISSING",
            row.resource_id,
            row.unit,
            _month_words(row, month, carried=month != own),
            AVAILABILITY_RUN,
            tuple(row.to_measure),
            {
                "month": {
                    "month": str(month),
                    "ra_type": row.ra_type,
                    "source": row.source,
                    "sc_id": row.sc_id,
                    "assessed": row.assessed,
                    "measured": len(row.measured),
                }
            },
        )
        for month, rows in standing_by_month(Span.through(first, day), known_at)
        for row in rows
        if row.to_measure
    ]


@implements("BRQ-1215", source="settlement rule book 15, decision G36")
def day_not_measured(day: date, known_at: datetime) -> list[Hold]:
    """Return the resources whose availability on a day is not measured, or measured outdated.

    Named on the day itself, as the month's end takes it; nothing of the day rests on it. On a
    month's end ``months_held`` says it of every day of the month.
    """
    if day == last_of_month(day):
        return []
    found: dict[int, tuple[str, list[str], list[str]]] = {}
    for _, rows in standing_by_month([day], known_at):
        for row in rows:
            _, missing, outdated = found.setdefault(row.resource_id, (row.unit, [], []))
            missing += [row.ra_type] if row.missing else []
            outdated += [row.ra_type] if row.outdated else []
    return [
        Hold(
            "AVAILABILITY-DAY",
            key,
            unit,
            _day_words(unit, day, missing, outdated),
            AVAILABILITY_RUN,
            (day,),
            effect=HoldEffect.NAMED,
        )
        for key, (unit, missing, outdated) in found.items()
        if missing or outdated
    ]


def _day_words(unit: str, day: date, missing: list[str], outdated: list[str]) -> str:
    said = [
        f"{' and '.join(kinds)} {words}"
        for kinds, words in (
            (missing, "is not measured"),
            (outdated, "was measured under other capacity, outages or substitutions"),
        )
        if kinds
    ]
    return (
        f"{unit}: availability of {day}: {'; '.join(said)}. The month's end holds it until then; "
        "calculate it."
    )


def _pool_begins(day: date, known_at: datetime) -> date:
    """Return the first month whose carry a month's end takes; January where the rule is unknown."""
    params = parameter_set(
        parameters=(RAAIM_CARRYOVER, RAAIM_FROM), span=Span.through(day, day), known_at=known_at
    )
    try:
        carries, begins = params.at(RAAIM_CARRYOVER, day) == "YEAR", params.at(RAAIM_FROM, day)
    except ParameterMissing:
        return day.replace(month=1, day=1)
    return months_in_the_pool(day, carries=carries, begins=begins)[0]


def _month_words(row: MonthStanding, month: date, *, carried: bool) -> str:
    said = f"{row.unit} {row.ra_type} in {month:%Y-%m}"
    said += ", whose pool is carried on" if carried else ""
    said += f": {len(row.measured)} of {row.assessed} assessed days measured"
    if row.missing:
        said += f"; not measured: {spans_of(row.missing)}"
    if row.outdated:
        said += f"; outdated: {spans_of(row.outdated)}"
    return f"{said}."
