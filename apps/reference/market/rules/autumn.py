"""Hours of the autumn day: two ways to number the hour that comes twice, and which a file means.

The day on which clocks go back has 25 hours. By place in the day the second hour from 01:00 is hour
ending 3 and the last one 25. By the clock, as OASIS numbers them, the second hour from 01:00 is 25
(ISO-NE writes 02X) and every later one has the number of its clock. Both use 1 to 25, so a file
that numbers hours alone cannot be told: the sender says which. Only numbering by the clock writes
02X, so a file with it tells by itself (*Interpretation*: the BRS names no numbering of files).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from apps.platform.core.tradetime import TradeDay, is_plausible
from apps.platform.core.violations import Severity, Violation
from apps.platform.core.words import counted
from apps.platform.uploads.codes import Option
from apps.reference.market.codes import REPEATED_NAMES

BY_PLACE, BY_CLOCK = "PLACE", "OASIS"
LONG = 25
FIRST, SECOND = 2, 3  # the two hours from 01:00, by their place
HOURS = Option(
    "hours",
    "Hours of the autumn day are numbered",
    "choice",
    "Asked for a day of 25 hours only, unless the file writes 02X. The second hour from 01:00 is 3 "
    "by its place in the day, and 25 (or 02X) as OASIS numbers hours by the clock.",
    choices=((BY_PLACE, "1 to 25 by their place"), (BY_CLOCK, "by the clock, the repeated one 25")),
    optional=True,
    answers="MKT-NUMBERING",
)


def by_place(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.DataFrame:
    """Return rows with ``hour_ending`` by its place in the day, as the sender numbered them."""
    if options.get(HOURS.name) != BY_CLOCK:
        return frame
    hour = pl.col("hour_ending")
    placed = (
        pl.when(hour == LONG)
        .then(SECOND)
        .when(hour >= SECOND)
        .then(hour + 1)
        .otherwise(hour)
        .cast(pl.Int64)
    )
    long = pl.col("trade_date").is_in(long_days(frame))
    return frame.with_columns(pl.when(long).then(placed).otherwise(hour).alias("hour_ending"))


def told_by_hours(
    frame: pl.DataFrame, texts: pl.DataFrame, options: Mapping[str, str]
) -> tuple[Mapping[str, str], list[Violation]]:
    """Return the options with the numbering that 02X tells, and 02X beside hours by place.

    frame: typed rows; texts: the same as received. An hour is 02X on a day of 25 hours only.
    """
    long = frame.filter(pl.col("trade_date").is_in(long_days(frame)))["line_no"].implode()
    named = texts.filter(
        pl.col("line_no").is_in(long)
        & pl.col("hour_ending").str.to_uppercase().is_in(list(REPEATED_NAMES))
    )
    if named.is_empty():
        return options, []
    if options.get(HOURS.name) != BY_PLACE:
        return {**options, HOURS.name: BY_CLOCK}, []
    text = named["hour_ending"][0]
    return options, [
        Violation(
            "MKT-NUMBERING",
            f"HOUR_ENDING holds {text}, which only files that number hours by the clock do, and "
            f"it was said that hours are numbered by their place. Say hours=OASIS, or write 3 for "
            f"{text} and number the later hours to 25.",
            int(named["line_no"][0]),
            "HOUR_ENDING",
            value=text,
        )
    ]


def long_days(frame: pl.DataFrame) -> list[date]:
    """Return the days of a frame that have 25 hours."""
    days = frame["trade_date"].drop_nulls().unique().sort().to_list()
    return [day for day in days if is_plausible(day) and TradeDay(day).hour_count == LONG]


def check_numbering(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Refuse hours of a long day whose numbering nobody said; else show the two that repeat.

    Hours ending 1 and 2 are the same either way.
    """
    found: list[Violation] = []
    for day in long_days(frame):
        rows = frame.filter(pl.col("trade_date") == day)
        late = rows.filter(pl.col("hour_ending") > FIRST)
        if late.height and not options.get(HOURS.name):
            found.append(
                Violation(
                    "MKT-NUMBERING",
                    f"{day} has 25 hours, and the file does not tell how it numbers them. Send it "
                    "again and say so beside it: hours=PLACE where the second hour from 01:00 is "
                    "hour ending 3 and the last one 25; hours=OASIS where the second hour from "
                    "01:00 is 25 or 02X and the last one 24.",
                    int(late["line_no"][0]),
                    "HOUR_ENDING",
                )
            )
    return found


def repeated_hours(
    frame: pl.DataFrame, value: str = "", unit: str = "", scale: int = 1
) -> list[Violation]:
    """Say of each long day what its two hours from 01:00 hold, for the preview.

    frame: ``hour_ending`` by place. ``value``: a column in stored steps that is summed.
    """
    found = []
    for day in long_days(frame):
        rows = frame.filter(pl.col("trade_date") == day)
        parts = []
        for hour, words in ((FIRST, "first, PDT"), (SECOND, "second, PST")):
            held = rows.filter(pl.col("hour_ending") == hour)
            total = f", {held[value].sum() / scale:,.2f} {unit}" if value and held.height else ""
            parts.append(f"HE{hour:02} ({words}): {counted(held.height, 'row')}{total}")
        found.append(
            Violation(
                "MKT-REPEATED",
                f"{day}: the hour from 01:00 comes twice. {'; '.join(parts)}.",
                severity=Severity.INFO,
            )
        )
    return found
