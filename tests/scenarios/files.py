"""Reading a scenario's files: defaults, ranges of hours, and days left out."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

from apps.platform.core.tradetime import TradeDay

HERE = Path(__file__).parent
DAY = date(2025, 10, 8)
RANGES = ("HOUR_ENDING", "QUARTER", "INTERVAL", "HOURS")


def read(path):
    with path.open() as source:
        return list(csv.DictReader(source))


def given(folder, name):
    """Return the rows of a file of a scenario, or None where neither it nor a default is there."""
    for path in (folder / f"{name}.csv", HERE / "common" / f"{name}.csv"):
        if path.exists() and (path.parent == folder or folder.name == "when"):
            return read(path)
    return None


def written(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def spread(rows, names=RANGES):
    """Return a row for each value of a range such as 8-17."""
    found = rows
    for name in names:
        wide = []
        for row in found:
            first, _, last = row.get(name, "").partition("-")
            for value in range(int(first), int(last) + 1) if last else [row.get(name)]:
                wide.append(row if not last else row | {name: str(value)})
        found = wide
    return found


def of_day(rows, day):
    """Return rows with the trade date where it was left out."""
    return [{"TRADE_DATE": day.isoformat()} | row for row in rows]


def demand(rows, day):
    """Return metered demand of each trade hour from MWh of one."""
    return [
        {
            "SC_ID": r["SC_ID"],
            "TAC_AREA": r["TAC_AREA"],
            "TRADE_DATE": day.isoformat(),
            "HOUR_ENDING": str(h),
            "MWH": r["MWH"],
        }
        for r in rows
        for h in TradeDay(day).hours
    ]


def days_between(row):
    first, last = (date.fromisoformat(row[n]) for n in ("FIRST_DATE", "LAST_DATE"))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [d for d in days if row["DAYS"] == "ALL" or d.weekday() < 5]


def text(value):
    return "" if value is None else str(value)
